import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import { WebSocket } from "ws";
import { lettersOf, spokenWords } from "#testing/heard-words";
import {
  agentTurnEnds,
  builtinBrainConfig,
  createConverse,
  errorCodes,
  runInTest,
  testFolder,
} from "#testing/parley-app";
import { runParley, type ParleyRun } from "#testing/parley-process";

const converse = createConverse({ connectTo: createWsConnector, clock: systemClock });

describe("an orchestrator and a worker of their own", () => {
  it("find each other, are listed, and hold a conversation", async () => {
    const home = mkdtempSync(path.join(os.tmpdir(), "parley-home-"));
    const env = { XDG_RUNTIME_DIR: home };
    const orchestrator = runInTest(["orchestrator", "--port", "0", "--config", builtinBrainConfig], env);
    const [, port] = await orchestrator.printed(/http:\/\/127\.0\.0\.1:(\d+)\//);
    const worker = runInTest(["worker", "--port", "0", "--name", "den"], env);
    await worker.printed(/worker den is ready/);
    const list = runInTest(["workers", "list", "--json"], env);
    expect(await list.ended).toBe(0);
    expect(JSON.parse(list.stdout)).toMatchObject({
      workers: [{ name: "den", state: "ready", isLive: true, inUse: 0 }],
    });
    const twin = runInTest(["worker", "--port", "0", "--name", "den"], env);
    expect(await twin.ended).toBe(1);
    expect(twin.stderr).toContain("worker-name-taken");
    const { events } = await converse({ url: `ws://127.0.0.1:${port}/`, token: "" });
    expect(agentTurnEnds(events).at(-1)?.reason).toBe("completed");
    await worker.stop();
    const after = runInTest(["workers", "list", "--json"], env);
    await after.ended;
    expect(JSON.parse(after.stdout)).toMatchObject({ workers: [] });
  });

  it.each(["SIGKILL", "SIGSTOP", "SIGTERM"] as const)(
    "[TT34] [TT35] [RG50] one of two workers gets %s in mid-sentence: the other one goes on, and no word is lost or doubled",
    async (signal) => {
      const home = mkdtempSync(path.join(os.tmpdir(), "parley-home-"));
      const env = { XDG_RUNTIME_DIR: home };
      const orchestrator = runInTest(["orchestrator", "--port", "0", "--config", builtinBrainConfig], env);
      const [, port] = await orchestrator.printed(/http:\/\/127\.0\.0\.1:(\d+)\//);
      const workers = new Map(
        ["den", "attic"].map((name) => [name, runInTest(["worker", "--port", "0", "--name", name], env)]),
      );
      await Promise.all([...workers.values()].map((worker) => worker.printed(/is ready/)));
      let struck: string | undefined;
      const { events } = await converse(
        { url: `ws://127.0.0.1:${port}/`, token: "" },
        {
          onEvent: (event) => {
            if (event.type !== "agent-playout-start" || struck !== undefined) return;
            const list = runParley(["workers", "list", "--json"], { env });
            void list.ended.then(() => {
              const { workers: rows } = JSON.parse(list.stdout) as { workers: { name: string; inUse: number }[] };
              struck = rows.find((row) => row.inUse > 0)?.name ?? "";
              workers.get(struck)?.process.kill(signal);
            });
          },
        },
      );
      expect(["den", "attic"]).toContain(struck);
      expect(errorCodes(events)).toEqual([]);
      expect(agentTurnEnds(events).map((end) => end.reason)).toEqual(["completed"]);
      expect(lettersOf(spokenWords(events).join(""))).toBe(lettersOf(agentTurnEnds(events)[0]?.heardText ?? ""));
      const metrics = events.flatMap((event) => (event.type === "turn-metrics" ? [event.metrics.worker] : []));
      expect(metrics[0]).not.toBe(struck);
      if (signal === "SIGTERM") expect(await workers.get(struck ?? "")?.ended).toBe(0);
    },
  );

  it("`say`: a worker that was killed a moment ago is left out, and another one speaks", async () => {
    const env = { XDG_RUNTIME_DIR: mkdtempSync(path.join(os.tmpdir(), "parley-home-")) };
    const orchestrator = runInTest(["orchestrator", "--port", "0", "--config", builtinBrainConfig], env);
    await orchestrator.printed(/is ready at/);
    // Of two that are idle the first by name gets the lease.
    const [killed, other] = ["attic", "den"].map((name) =>
      runInTest(["worker", "--port", "0", "--name", name], { ...env, PARLEY_REGISTRATION_TTL_MS: "60000" }),
    );
    await Promise.all([killed?.printed(/is ready/), other?.printed(/is ready/)]);
    killed?.process.kill("SIGKILL");
    await killed?.ended;
    const say = runInTest(["say", "Hello.", "--out", path.join(testFolder, "say.wav"), "--json"], env);
    expect(await say.ended).toBe(0);
    expect(JSON.parse(say.stdout)).toMatchObject({ worker: "den" });
    other?.process.kill("SIGKILL");
    await other?.ended;
    const none = runInTest(["say", "Hello.", "--out", path.join(testFolder, "say.wav"), "--json"], env);
    expect(await none.ended).toBe(1);
    expect(JSON.parse(none.stdout)).toMatchObject({ error: { code: "worker-unreachable" } });
  });

  it("a port in use, a wrong REDIS_URL, another address without a token, a wrong key in the configuration: exit 1 with a code", async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const port = String((taken.address() as net.AddressInfo).port);
    const badConfig = path.join(testFolder, "bad.yaml");
    writeFileSync(badConfig, "turn:\n  endpointDelay: 5\n");
    const [inUse, redis, open, config, worker] = [
      runInTest(["orchestrator", "--port", port]),
      runInTest(["orchestrator", "--port", "0"], { REDIS_URL: "redis://127.0.0.1:1" }),
      runInTest(["orchestrator", "--port", "0", "--host", "0.0.0.0"], { PARLEY_TOKEN: "" }),
      runInTest(["orchestrator", "--port", "0", "--config", badConfig]),
      runInTest(["worker", "--port", "0", "--redis-url", "redis://127.0.0.1:1"]),
    ];
    expect(await Promise.all([inUse.ended, redis.ended, open.ended, config.ended, worker.ended])).toEqual([
      1, 1, 1, 1, 1,
    ]);
    expect(inUse.stderr).toContain("port-in-use");
    expect(redis.stderr).toContain("redis-unreachable");
    expect(open.stderr).toContain("token-required");
    expect(config.stderr).toMatch(/turn.*endpointDelay/s);
    expect(worker.stderr).toContain("redis-unreachable");
    taken.close();
  });
});

describe("a client of the predecessor", () => {
  it("gets its text spoken", async () => {
    const orchestrator = runInTest(["orchestrator", "--port", "0", "--config", builtinBrainConfig]);
    const [, port] = await orchestrator.printed(/http:\/\/127\.0\.0\.1:(\d+)\//);
    const worker = runInTest(["worker", "--port", "0"], { XDG_RUNTIME_DIR: runtimeDirOf(orchestrator) });
    await worker.printed(/is ready/);
    const socket = new WebSocket(`ws://127.0.0.1:${port}/any/path`);
    const messages: { type: string; pcm?: string; is_final?: boolean }[] = [];
    await new Promise<void>((resolve, reject) => {
      socket.on("open", () => socket.send(JSON.stringify({ type: "text", text: "Hello from the past." })));
      socket.on("error", reject);
      socket.on("message", (data: Buffer) => {
        const message = JSON.parse(data.toString("utf8")) as (typeof messages)[number];
        messages.push(message);
        if (message.is_final === true) resolve();
      });
    });
    socket.close();
    expect(messages[0]?.type).toBe("session_start");
    const audio = messages.filter((message) => message.type === "audio");
    expect(audio.length).toBeGreaterThan(40);
    expect(audio.every((message) => Buffer.from(message.pcm ?? "", "base64").length === 1920)).toBe(true);
  });
});

/** The folder of lock files that `runParley` gave to this run. */
function runtimeDirOf(started: ParleyRun): string {
  const environ = readFileSync(`/proc/${started.pid}/environ`, "utf8");
  return /XDG_RUNTIME_DIR=([^\0]*)/.exec(environ)?.[1] ?? "";
}
