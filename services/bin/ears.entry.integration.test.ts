import { fork, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";
import { loadSpeechClip } from "#testing/speech-fixtures";

const entry = fileURLToPath(new URL("ears.js", DIST_ENTRY_FOLDER));

const nextMessage = async (child: ChildProcess): Promise<unknown> => ((await once(child, "message")) as unknown[])[0];

describe("ears entry", () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill("SIGKILL"));

  const start = async (): Promise<ChildProcess> => {
    child = fork(entry, {
      serialization: "advanced",
      stdio: ["ignore", "inherit", "inherit", "ipc"],
      env: { ...process.env, PARLEY_LOG_LEVEL: "silent" },
    });
    expect(await nextMessage(child)).toEqual({ type: "ready" });
    return child;
  };
  const askForTranscript = (asked: ChildProcess): void => {
    asked.send({ type: "append", utteranceId: "u", samples: loadSpeechClip("0870").samples });
    asked.send({ type: "transcribe", utteranceId: "u", requestId: 1 });
  };

  it("ends by itself, without aborting, when its parent goes away in the middle of a decode", async () => {
    const running = await start();
    askForTranscript(running);
    running.disconnect();
    expect(await once(running, "exit")).toEqual([0, null]);
  });

  it("ends with code 0 on SIGTERM and on stop, after the decode in progress", async () => {
    for (const end of [
      (running: ChildProcess) => running.kill("SIGTERM"),
      (running: ChildProcess) => running.send({ type: "stop" }),
    ]) {
      const running = await start();
      askForTranscript(running);
      end(running);
      expect(await once(running, "exit")).toEqual([0, null]);
    }
  });

  it("survives garbage", async () => {
    const running = await start();
    for (const garbage of ["text", 7, { type: "append" }, { type: "transcribe", utteranceId: "u", requestId: "one" }])
      running.send(garbage);
    askForTranscript(running);
    expect(await nextMessage(running)).toMatchObject({ type: "transcript", requestId: 1, audioMs: 7_100 });
  });
});
