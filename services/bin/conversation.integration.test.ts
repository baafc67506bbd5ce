import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import net from "node:net";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import { counters, gauges, histograms } from "#contracts/metrics";
import type { TalkEvent } from "#contracts/events/talk-event";
import { rms } from "#core/audio/pcm";
import { writeWav, type MonoWav } from "#core/audio/wav";
import { wordErrors } from "#core/text/word-error-rate";
import { loadSpeechClip } from "#testing/speech-fixtures";
import { startFakeOpenAiServer } from "#testing/fake-openai-server";
import { lettersOf, spokenWords } from "#testing/heard-words";
import { descendants, findEntryPid, isRunning, runParley, type ParleyRun } from "#testing/parley-process";
import { holdConversation } from "#core/talk/talk-conversation";
import { createRecordedMicrophone } from "#core/talk/talk-microphone";

const folder = mkdtempSync(path.join(os.tmpdir(), "parley-conversation-"));
const clip = loadSpeechClip("0880");
const input: MonoWav = { sampleRateHz: 16_000, pcm: clip.pcm };
const inputFile = path.join(folder, "user.wav");
const runs: ParleyRun[] = [];

/** No language model of this computer may answer instead of the built-in responder. */
const configFile = path.join(folder, "orchestrator.yaml");

beforeAll(() => {
  writeFileSync(inputFile, writeWav([clip.pcm], 16_000));
  writeFileSync(configFile, "brain:\n  kind: builtin\n");
});

afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.stop()));
});

function run(args: readonly string[], env: Record<string, string | undefined> = {}): ParleyRun {
  const started = runParley(args, { env });
  runs.push(started);
  return started;
}

interface App {
  run: ParleyRun;
  url: string;
  token: string;
}

async function startApp(env: Record<string, string | undefined> = {}, config = configFile): Promise<App> {
  const started = run(["start", "--port", "0", "--config", config], env);
  const [, host, token] = await started.printed(/http:\/\/(\S+?)\/#token=(\S+)/);
  return { run: started, url: `ws://${host}/`, token: token ?? "" };
}

interface Held {
  events: TalkEvent[];
  error: unknown;
}

function converse(app: App, options: { onEvent?: (event: TalkEvent) => void; tailMs?: number } = {}): Promise<Held> {
  const events: TalkEvent[] = [];
  return holdConversation({
    connect: createWsConnector(app.url),
    clock: systemClock,
    microphone: createRecordedMicrophone(input),
    token: app.token,
    voice: undefined,
    tailMs: options.tailMs ?? 500,
    maxMs: 30_000,
    onEvent: (event) => {
      events.push(event);
      options.onEvent?.(event);
    },
  }).then((result) => ({ events, error: result.error }));
}

function texts(events: readonly TalkEvent[]): string {
  return events.flatMap((event) => (event.type === "user-transcript-end" ? [event.text] : [])).join(" ");
}

function ends(events: readonly TalkEvent[]): (TalkEvent & { type: "agent-turn-end" })[] {
  return events.filter((event): event is TalkEvent & { type: "agent-turn-end" } => event.type === "agent-turn-end");
}

function errorCodes(events: readonly TalkEvent[]): string[] {
  return events.flatMap((event) => (event.type === "error" ? [event.code] : []));
}

describe("parley talk", () => {
  it("a recorded human is heard, answered by voice, and both stand in one stereo file on one clock", async () => {
    const out = path.join(folder, "conversation.wav");
    const eventsFile = path.join(folder, "events.jsonl");
    const talk = run([
      "talk",
      "--in",
      inputFile,
      "--out",
      out,
      "--events",
      eventsFile,
      "--config",
      configFile,
      "--tail-ms",
      "500",
      "--json",
    ]);
    expect(await talk.ended).toBe(0);
    const events = readFileSync(eventsFile, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line) as TalkEvent);
    const { errors, referenceWords } = wordErrors(clip.reference, texts(events));
    expect(errors).toBeLessThanOrEqual(2);
    expect(referenceWords).toBe(8);

    const wav = readFileSync(out);
    expect([wav.readUInt16LE(22), wav.readUInt32LE(24), wav.readUInt16LE(34)]).toEqual([2, 48_000, 16]);
    const channel = (index: number, fromMs: number, toMs: number): number => {
      const samples = Float32Array.from(
        { length: (toMs - fromMs) * 48 },
        (_, i) => wav.readInt16LE(44 + ((fromMs * 48 + i) * 2 + index) * 2) / 32768,
      );
      return rms(samples);
    };
    const startMs = Math.ceil(events.find((event) => event.type === "agent-playout-start")?.atMs ?? 0);
    expect(channel(0, 500, 2_500)).toBeGreaterThan(0.01);
    expect(channel(1, 0, startMs - 20)).toBe(0);
    expect(channel(1, startMs, startMs + 2_000)).toBeGreaterThan(0.03);

    const summary = JSON.parse(talk.stdout) as { turns: { heardText: string; reason: string }[] };
    expect(summary.turns.at(-1)?.reason).toBe("completed");
    expect(summary.turns.at(-1)?.heardText).toContain("language model");
  });

  it("leaves no process behind", async () => {
    const talk = run([
      "talk",
      "--in",
      inputFile,
      "--config",
      configFile,
      "--tail-ms",
      "0",
      "--max-ms",
      "3000",
      "--json",
    ]);
    const seen = new Set<number>();
    const watching = systemClock.setRepeating(50, () => descendants(talk.pid).forEach((pid) => seen.add(pid)));
    await talk.ended;
    watching.dispose();
    expect(seen.size).toBeGreaterThanOrEqual(3);
    expect([...seen].filter(isRunning)).toEqual([]);
  });

  it.each([
    ["no WAV", Buffer.from("hello")],
    ["an empty file", Buffer.alloc(0)],
    ["a stereo WAV", Buffer.from(writeWav([clip.pcm, clip.pcm], 16_000))],
    ["a truncated WAV", Buffer.from(writeWav([clip.pcm], 16_000).subarray(0, 1_000))],
  ])("%s is refused with a code and exit 1, before anything is started", async (_name, bytes) => {
    const file = path.join(folder, "bad.wav");
    writeFileSync(file, bytes);
    const talk = run(["talk", "--in", file, "--json"]);
    expect(await talk.ended).toBe(1);
    expect(JSON.parse(talk.stdout)).toMatchObject({ error: { code: "bad-wav" } });
  });

  it("a file that is not there, an orchestrator that is not there: exit 1 with a code; wrong usage: exit 2", async () => {
    const missing = run(["talk", "--in", path.join(folder, "nothing.wav"), "--json"]);
    const refused = run(["talk", "--in", inputFile, "--url", "ws://127.0.0.1:1/", "--json"]);
    const usage = run(["talk"]);
    expect(await Promise.all([missing.ended, refused.ended, usage.ended])).toEqual([1, 1, 2]);
    expect(missing.stdout).toContain("file-unreadable");
    expect(refused.stdout).toContain("connect-failed");
    expect(usage.stderr).toContain("--in");
  });
});

describe("parley say", () => {
  it("speaks through a worker of its own when there is no fleet", async () => {
    const out = path.join(folder, "said.wav");
    const say = run(["say", "The quick brown fox.", "--voice", "flite-awb", "--out", out, "--json"]);
    expect(await say.ended).toBe(0);
    expect(JSON.parse(say.stdout)).toMatchObject({ voice: "flite-awb" });
    expect(readFileSync(out).length).toBeGreaterThan(48_000 * 2);
  });

  it("refuses text without words and unknown voices", async () => {
    const empty = run(["say", "🎉", "--out", path.join(folder, "x.wav"), "--json"]);
    const unknown = run(["say", "hello", "--voice", "nobody", "--out", path.join(folder, "x.wav"), "--json"]);
    expect(await Promise.all([empty.ended, unknown.ended])).toEqual([1, 1]);
    expect(empty.stdout).toContain("text-empty");
    expect(unknown.stdout).toContain("unknown-voice");
  });
});

describe("the app", () => {
  it("tells health, readiness and figures, and serves only its own hosts", async () => {
    const app = await startApp();
    const base = app.url.replace("ws:", "http:");
    expect((await fetch(`${base}healthz`)).status).toBe(200);
    expect(await (await fetch(`${base}readyz`)).json()).toEqual({ status: "ready", reasons: [] });
    expect(await (await fetch(`${base}metrics`)).text()).toContain("parley_workers_ready 1");
    expect((await fetch(`${base}../../etc/passwd`)).status).toBe(404);
    expect((await fetch(`${base}healthz`, { headers: { origin: "https://evil.example" } })).status).toBe(403);
    const page = await fetch(base);
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  });

  it("[TT34] the only worker killed in mid-sentence: it is started again, and the sentence is heard to its end", async () => {
    const app = await startApp();
    let hasKilled = false;
    const { events } = await converse(app, {
      onEvent: (event) => {
        if (event.type !== "agent-playout-start" || hasKilled) return;
        hasKilled = true;
        process.kill(findEntryPid(app.run.pid, "tts-worker"), "SIGKILL");
      },
    });
    expect(hasKilled).toBe(true);
    expect(errorCodes(events)).toEqual([]);
    expect(ends(events).map((end) => end.reason)).toEqual(["completed"]);
    expect(lettersOf(spokenWords(events).join(""))).toBe(lettersOf(ends(events)[0]?.heardText ?? ""));
    const metrics = await (await fetch(`${app.url.replace("ws:", "http:")}metrics`)).text();
    for (const name of [...Object.keys(counters), ...Object.keys(gauges)]) expect(metrics).toMatch(`\n${name} `);
    // Nothing was said over the agent.
    const { parley_overlap_reaction_ms: _, ...fed } = histograms;
    for (const name of Object.keys(fed)) expect(metrics).toMatch(new RegExp(`^${name}_count [1-9]`, "m"));
    expect(metrics).toMatch(/^parley_failovers_total [1-9]/m);
  });

  it("ears killed while the user speaks: the utterance is decoded again, and answered", async () => {
    const app = await startApp();
    let hasKilled = false;
    const { events } = await converse(app, {
      onEvent: (event) => {
        if (event.type !== "user-transcript-delta" || hasKilled) return;
        hasKilled = true;
        process.kill(findEntryPid(app.run.pid, "ears"), "SIGKILL");
      },
    });
    expect(hasKilled).toBe(true);
    expect(wordErrors(clip.reference, texts(events)).errors).toBeLessThanOrEqual(2);
    expect(ends(events).at(-1)?.reason).toBe("completed");
  });

  it("the private redis killed during an answer: the answer is heard to its end, and the next one too", async () => {
    const app = await startApp();
    let hasKilled = false;
    const first = await converse(app, {
      onEvent: (event) => {
        if (event.type !== "agent-playout-start" || hasKilled) return;
        hasKilled = true;
        const redis = descendants(app.run.pid).find((pid) =>
          readFileSync(`/proc/${pid}/comm`, "utf8").startsWith("redis-server"),
        );
        process.kill(redis ?? -1, "SIGKILL");
      },
    });
    expect(hasKilled).toBe(true);
    expect(ends(first.events).at(-1)?.reason).toBe("completed");
    const second = await converse(app);
    expect(ends(second.events).at(-1)?.reason).toBe("completed");
  });

  it("without redis-server and without a way to fetch one it talks all the same, and says what does not work", async () => {
    const app = await startApp({ PARLEY_REDIS_FOLDERS: "/nonexistent", PARLEY_NO_FETCH: "1" });
    await app.run.printed(/Workers on other machines cannot join/);
    const { events } = await converse(app);
    expect(ends(events).at(-1)?.reason).toBe("completed");
  });

  it("stops within its time, with all its parts", async () => {
    const app = await startApp();
    const parts = descendants(app.run.pid);
    expect(parts.length).toBeGreaterThanOrEqual(4);
    app.run.process.kill("SIGTERM");
    expect(await app.run.ended).toBe(0);
    expect(parts.filter(isRunning)).toEqual([]);
  });
});

describe("a brain that fails", () => {
  it("is apologised for aloud, reported, and the session lives", async () => {
    const server = await startFakeOpenAiServer();
    const config = path.join(folder, "endpoint.yaml");
    writeFileSync(config, `brain:\n  kind: endpoint\n  endpoint:\n    url: ${server.baseUrl}\n    model: test\n`);
    const app = await startApp({}, config);
    server.answer({ type: "status", status: 500 });
    const failed = await converse(app);
    expect(errorCodes(failed.events)).toEqual(["brain-failed"]);
    expect(ends(failed.events).at(-1)?.heardText).toMatch(/^Sorry/);
    server.answer({ type: "stream", deltas: ["All ", "is ", "well."] });
    const well = await converse(app);
    expect(ends(well.events).at(-1)?.heardText).toBe("All is well.");
    await server.close();
  });
});

describe("an orchestrator and a worker of their own", () => {
  it("find each other, are listed, and hold a conversation", async () => {
    const home = mkdtempSync(path.join(os.tmpdir(), "parley-home-"));
    const env = { XDG_RUNTIME_DIR: home };
    const orchestrator = run(["orchestrator", "--port", "0", "--config", configFile], env);
    const [, port] = await orchestrator.printed(/http:\/\/127\.0\.0\.1:(\d+)\//);
    const worker = run(["worker", "--port", "0", "--name", "den"], env);
    await worker.printed(/worker den is ready/);
    const list = run(["workers", "list", "--json"], env);
    expect(await list.ended).toBe(0);
    expect(JSON.parse(list.stdout)).toMatchObject({
      workers: [{ name: "den", state: "ready", isLive: true, inUse: 0 }],
    });
    const twin = run(["worker", "--port", "0", "--name", "den"], env);
    expect(await twin.ended).toBe(1);
    expect(twin.stderr).toContain("worker-name-taken");
    const { events } = await converse({ run: orchestrator, url: `ws://127.0.0.1:${port}/`, token: "" });
    expect(ends(events).at(-1)?.reason).toBe("completed");
    await worker.stop();
    const after = run(["workers", "list", "--json"], env);
    await after.ended;
    expect(JSON.parse(after.stdout)).toMatchObject({ workers: [] });
  });

  it.each(["SIGKILL", "SIGSTOP", "SIGTERM"] as const)(
    "[TT34] [TT35] [RG50] one of two workers gets %s in mid-sentence: the other one goes on, and no word is lost or doubled",
    async (signal) => {
      const home = mkdtempSync(path.join(os.tmpdir(), "parley-home-"));
      const env = { XDG_RUNTIME_DIR: home };
      const orchestrator = run(["orchestrator", "--port", "0", "--config", configFile], env);
      const [, port] = await orchestrator.printed(/http:\/\/127\.0\.0\.1:(\d+)\//);
      const workers = new Map(
        ["den", "attic"].map((name) => [name, run(["worker", "--port", "0", "--name", name], env)]),
      );
      await Promise.all([...workers.values()].map((worker) => worker.printed(/is ready/)));
      let struck: string | undefined;
      const { events } = await converse(
        { run: orchestrator, url: `ws://127.0.0.1:${port}/`, token: "" },
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
      expect(ends(events).map((end) => end.reason)).toEqual(["completed"]);
      expect(lettersOf(spokenWords(events).join(""))).toBe(lettersOf(ends(events)[0]?.heardText ?? ""));
      const metrics = events.flatMap((event) => (event.type === "turn-metrics" ? [event.metrics.worker] : []));
      expect(metrics[0]).not.toBe(struck);
      if (signal === "SIGTERM") expect(await workers.get(struck ?? "")?.ended).toBe(0);
    },
  );

  it("a port in use, a wrong REDIS_URL, another address without a token, a wrong key in the configuration: exit 1 with a code", async () => {
    const taken = net.createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => taken.once("listening", resolve));
    const port = String((taken.address() as net.AddressInfo).port);
    const badConfig = path.join(folder, "bad.yaml");
    writeFileSync(badConfig, "turn:\n  endpointDelay: 5\n");
    const [inUse, redis, open, config, worker] = [
      run(["orchestrator", "--port", port]),
      run(["orchestrator", "--port", "0"], { REDIS_URL: "redis://127.0.0.1:1" }),
      run(["orchestrator", "--port", "0", "--host", "0.0.0.0"]),
      run(["orchestrator", "--port", "0", "--config", badConfig]),
      run(["worker", "--port", "0", "--redis-url", "redis://127.0.0.1:1"]),
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
    const orchestrator = run(["orchestrator", "--port", "0", "--config", configFile]);
    const [, port] = await orchestrator.printed(/http:\/\/127\.0\.0\.1:(\d+)\//);
    const worker = run(["worker", "--port", "0"], { XDG_RUNTIME_DIR: runtimeDirOf(orchestrator) });
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

  it("[P2] a message of more than 1 MiB closes its connection and nothing else", async () => {
    const app = await startApp();
    const socket = new WebSocket(app.url, "parley.v1");
    const code = await new Promise<number>((resolve) => {
      socket.on("open", () => socket.send("x".repeat(1024 * 1024 + 1)));
      socket.on("error", () => undefined);
      socket.on("close", resolve);
    });
    expect(code).toBe(1009);
    expect((await fetch(`${app.url.replace("ws:", "http:")}healthz`)).status).toBe(200);
  });
});

/** The folder of lock files that `runParley` gave to this run. */
function runtimeDirOf(started: ParleyRun): string {
  const environ = readFileSync(`/proc/${started.pid}/environ`, "utf8");
  return /XDG_RUNTIME_DIR=([^\0]*)/.exec(environ)?.[1] ?? "";
}
