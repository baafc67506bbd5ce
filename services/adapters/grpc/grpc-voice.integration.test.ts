import { createServer, connect, type AddressInfo, type Server as TcpServer, type Socket } from "node:net";
import { Metadata, credentials, loadPackageDefinition, status, type ServiceError } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";
import * as healthCheck from "grpc-health-check";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { createToneEngine } from "#adapters/tone-tts/tone-engine";
import { silentLogger } from "#core/ports/logger";
import type { SpeakRequest, VoiceFrame } from "#core/ports/voice-link";
import type { Lease } from "#core/ports/worker-registry";
import { createManualTextSource, textSource } from "#testing/manual-text-source";
import { createTtsWorker, type TtsWorker } from "#tts-worker/tts-worker";
import { createGrpcVoiceLink, type GrpcVoiceLink } from "./grpc-voice-link";
import { createGrpcVoiceServer, type GrpcVoiceServer } from "./grpc-voice-server";

const protoPath = "services/contracts/proto/tts.proto";
const clock = systemClock;
const log = silentLogger;

interface Running {
  worker: TtsWorker;
  server: GrpcVoiceServer;
  /** Clauses that the engine was asked for. */
  synthesised: () => number;
}

async function startWorker(
  options: { token?: string; capacity?: number; port?: number; synthesisMs?: number } = {},
): Promise<Running> {
  const tone = createToneEngine({ clock, synthesisMs: options.synthesisMs });
  let count = 0;
  const worker = createTtsWorker({
    engines: [{ ...tone, synthesize: (clause) => (count++, tone.synthesize(clause)) }],
    normalizer: createSpeakableText(),
    resamplers: await createSpeexResamplerFactory(),
    registry: createMemoryRegistry({ clock }),
    clock,
    ids: systemIds,
    random: Math.random,
    log,
    config: {
      name: "worker-a",
      address: "127.0.0.1:0",
      host: "here",
      capacity: options.capacity ?? 8,
      defaultVoice: "tone",
    },
  });
  const server = await createGrpcVoiceServer({
    worker,
    host: "127.0.0.1",
    port: options.port ?? 0,
    protoPath,
    token: options.token,
    clock,
    log,
  });
  return { worker, server, synthesised: () => count };
}

function leaseAt(port: number, fencingToken = 1, protocolVersion = 1): Lease {
  return {
    requestId: "r1",
    generation: 1,
    fencingToken,
    ttlMs: 10_000,
    worker: {
      name: "worker-a",
      address: `127.0.0.1:${port}`,
      host: "here",
      device: "cpu",
      protocolVersion,
      languages: ["en"],
      voices: ["tone"],
      residentVoices: ["tone"],
      startedAt: "2026-03-02T10:15:00Z",
    },
  };
}

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** Waits until something holds, looking again after each turn of the event loop. */
async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

const cleanUps: (() => Promise<unknown> | void)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

describe("link and server", () => {
  let running: Running;
  let link: GrpcVoiceLink;
  beforeEach(async () => {
    running = await startWorker();
    link = createGrpcVoiceLink({ clock, log, protoPath });
    cleanUps.push(
      () => running.server.close(),
      () => link.close(),
    );
  });
  const request = (clauses: SpeakRequest["clauses"], rest: Partial<SpeakRequest> = {}): SpeakRequest => ({
    sessionId: "session-1",
    voice: "tone",
    lease: leaseAt(running.server.port),
    clauses,
    signal: new AbortController().signal,
    ...rest,
  });

  it("carry speech as the worker made it: frames, words with their spans, one last frame", async () => {
    const text = ["One two. ", "Three 4."];
    const frames = await collect(link.speak(request(textSource(...text))));
    const direct = await collect(
      running.worker.openSynthesis({
        sessionId: "x",
        voice: "",
        fencingToken: 1,
        clauses: textSource(...text),
        signal: new AbortController().signal,
      }),
    );
    expect(frames).toEqual(direct);
    expect(
      frames.flatMap((frame) => frame.words).map((word) => text.join("").slice(word.textStart, word.textEnd)),
    ).toEqual(["One", "two", "Three", "4"]);
  });

  it("speak a clause while the next has not been sent", async () => {
    const source = createManualTextSource("one.");
    const frames = link.speak(request(source.clauses))[Symbol.asyncIterator]();
    expect((await frames.next()).value?.words[0]?.text).toBe("one");
    source.say(" two.");
    source.end();
    let last: VoiceFrame | undefined;
    for (let next = await frames.next(); next.done !== true; next = await frames.next()) last = next.value;
    expect(last?.isFinal).toBe(true);
  });

  it("end as cancelled on abort, and the worker computes no further clause", async () => {
    const abort = new AbortController();
    const speaking = collect(
      link.speak(
        request(textSource(...Array.from({ length: 50 }, () => "one two three four. ")), { signal: abort.signal }),
      ),
    );
    await until(() => running.worker.stats().inUse === 1 && running.synthesised() > 0);
    abort.abort();
    await expect(speaking).rejects.toMatchObject({ code: "cancelled" });
    await until(() => running.worker.stats().inUse === 0);
    const count = running.synthesised();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(running.synthesised()).toBe(count);
    expect(count).toBeLessThanOrEqual(5);
  });

  it("free the worker when the reader leaves early", async () => {
    for await (const frame of link.speak(request(createManualTextSource("one.").clauses))) {
      expect(frame.isFinal).toBe(false);
      break;
    }
    await until(() => running.worker.stats().inUse === 0);
  });

  it("refuse a stale token, an unknown voice and what exceeds the capacity by their codes", async () => {
    await collect(link.speak(request(textSource("one."), { lease: leaseAt(running.server.port, 9) })));
    await expect(
      collect(link.speak(request(textSource("one."), { lease: leaseAt(running.server.port, 8) }))),
    ).rejects.toMatchObject({ code: "stale-token" });
    await expect(
      collect(link.speak(request(textSource("one."), { voice: "nobody", sessionId: "s2" }))),
    ).rejects.toMatchObject({ code: "unknown-voice" });
    const abort = new AbortController();
    for (let index = 0; index < 8; index++)
      collect(
        link.speak(request(createManualTextSource("one.").clauses, { sessionId: `t${index}`, signal: abort.signal })),
      ).catch(() => undefined);
    await until(() => running.worker.stats().inUse === 8);
    await expect(collect(link.speak(request(textSource("one."), { sessionId: "s3" })))).rejects.toMatchObject({
      code: "worker-at-capacity",
    });
    abort.abort();
  });

  it("pass the text source's failure on to the caller, not to the worker", async () => {
    async function* broken() {
      yield { text: "one.", offset: 0 };
      throw new Error("the brain died");
    }
    await expect(collect(link.speak(request(broken())))).rejects.toMatchObject({
      code: "internal",
      cause: { message: "the brain died" },
    });
    await until(() => running.worker.stats().inUse === 0);
  });

  it("give one silent last frame for a turn without words", async () => {
    expect(await collect(link.speak(request(textSource())))).toMatchObject([{ isFinal: true, words: [] }]);
  });

  it("list the models", async () => {
    expect(await link.listModels({ address: `127.0.0.1:${running.server.port}` })).toEqual([
      { modelId: "tone", family: "tone", isLoaded: true, languages: ["en"] },
    ]);
  });

  it("serve on after the worker's restart at the same address, without a new link", async () => {
    await collect(link.speak(request(textSource("one."))));
    await running.server.close();
    await expect(collect(link.speak(request(textSource("one."))))).rejects.toMatchObject({ code: "worker-lost" });
    running = await startWorker({ port: running.server.port });
    cleanUps.push(() => running.server.close());
    const attempt = async (): Promise<boolean> =>
      collect(link.speak(request(textSource("one.")))).then(
        () => true,
        () => false,
      );
    while (!(await attempt())) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});

describe("a worker that is lost", () => {
  /** Stands between link and worker, and can fall. */
  async function startProxy(port: number): Promise<{ port: number; breakAll: () => void; freeze: () => void }> {
    const sockets = new Set<Socket>();
    const proxy: TcpServer = createServer((near) => {
      const far = connect(port, "127.0.0.1");
      for (const socket of [near, far]) {
        sockets.add(socket);
        socket.on("error", () => undefined);
      }
      near.pipe(far).pipe(near);
    });
    await new Promise<void>((resolve) => proxy.listen(0, "127.0.0.1", resolve));
    cleanUps.push(() => {
      for (const socket of sockets) socket.destroy();
      proxy.close();
    });
    return {
      port: (proxy.address() as AddressInfo).port,
      breakAll: () => sockets.forEach((socket) => socket.destroy()),
      freeze: () =>
        sockets.forEach((socket) => {
          socket.unpipe();
          socket.pause();
        }),
    };
  }

  it.each(["breakAll", "freeze"] as const)(
    "in the middle of a sentence is reported as worker-lost (%s)",
    async (how) => {
      const running = await startWorker();
      const proxy = await startProxy(running.server.port);
      const link = createGrpcVoiceLink({ clock, log, protoPath });
      cleanUps.push(
        () => running.server.close(),
        () => link.close(),
      );
      let count = 0;
      const speaking = (async () => {
        const request = {
          sessionId: "s",
          voice: "tone",
          lease: leaseAt(proxy.port),
          clauses: createManualTextSource("one two three four five six.").clauses,
          signal: new AbortController().signal,
        };
        for await (const frame of link.speak(request)) {
          expect(frame.isFinal).toBe(false);
          if (++count === 10) proxy[how]();
        }
      })();
      await expect(speaking).rejects.toMatchObject({ code: "worker-lost", retryable: true });
    },
  );

  it("is reported as worker-unreachable where nobody listens", async () => {
    const link = createGrpcVoiceLink({ clock, log, protoPath });
    cleanUps.push(() => link.close());
    const request = {
      sessionId: "s",
      voice: "tone",
      lease: leaseAt(1),
      clauses: textSource("one."),
      signal: new AbortController().signal,
    };
    await expect(collect(link.speak(request))).rejects.toMatchObject({ code: "worker-unreachable" });
    await expect(link.listModels({ address: "127.0.0.1:1" })).rejects.toMatchObject({ code: "worker-unreachable" });
  });

  it("is given up when it takes text and sends no audio", async () => {
    const running = await startWorker({ synthesisMs: 60_000 });
    const link = createGrpcVoiceLink({ clock, log, protoPath, firstFrameTimeoutMs: 200 });
    cleanUps.push(
      () => running.server.close(),
      () => link.close(),
    );
    const request = {
      sessionId: "s",
      voice: "tone",
      lease: leaseAt(running.server.port),
      clauses: textSource("one."),
      signal: new AbortController().signal,
    };
    await expect(collect(link.speak(request))).rejects.toMatchObject({ code: "worker-lost" });
  });
});

describe("the server", () => {
  it("refuses a port that is taken, and an address that is not here", async () => {
    const { server } = await startWorker();
    cleanUps.push(() => server.close());
    await expect(startWorker({ port: server.port })).rejects.toMatchObject({ code: "port-in-use" });
    const { worker } = await startWorker();
    await expect(
      createGrpcVoiceServer({ worker, host: "203.0.113.1", port: 0, protoPath, clock, log }),
    ).rejects.toMatchObject({ code: "bad-config" });
  });

  it("asks for its token, and answers the health check without", async () => {
    const { server } = await startWorker({ token: "secret-token" });
    cleanUps.push(() => server.close());
    const address = `127.0.0.1:${server.port}`;
    for (const token of [undefined, "wrong", "secret-token-and-more"]) {
      const link = createGrpcVoiceLink({ clock, log, protoPath, token });
      cleanUps.push(() => link.close());
      await expect(link.listModels({ address })).rejects.toMatchObject({ code: "worker-unauthorized" });
      const request = {
        sessionId: "s",
        voice: "tone",
        lease: leaseAt(server.port),
        clauses: textSource("one."),
        signal: new AbortController().signal,
      };
      await expect(collect(link.speak(request))).rejects.toMatchObject({ code: "worker-unauthorized" });
    }
    const link = createGrpcVoiceLink({ clock, log, protoPath, token: "secret-token" });
    cleanUps.push(() => link.close());
    expect(await link.listModels({ address })).toHaveLength(1);

    type HealthClient = {
      Check(request: object, reply: (error: ServiceError | null, value?: { status: string }) => void): void;
      close(): void;
    };
    const root = loadPackageDefinition(loadSync(healthCheck.protoPath, { enums: String })) as unknown as {
      grpc: { health: { v1: { Health: new (address: string, secure: unknown) => HealthClient } } };
    };
    const health = new root.grpc.health.v1.Health(address, credentials.createInsecure());
    cleanUps.push(() => health.close());
    const check = (): Promise<string | undefined> =>
      new Promise((resolve) => health.Check({ service: "tts.TTSService" }, (_, value) => resolve(value?.status)));
    expect(await check()).toBe("SERVING");
    server.setServing(false);
    expect(await check()).toBe("NOT_SERVING");
  });
});

describe("a client of the predecessor", () => {
  type Reply = Record<string, unknown>;
  interface Frame {
    audio_data: Buffer;
    sequence_number: string;
    is_final: boolean;
    sample_rate: number;
    frame_duration_ms: number;
    session_id: string;
  }
  let running: Running;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- a stub as a foreign generator would make it
  let stub: any;

  beforeEach(async () => {
    running = await startWorker();
    const root = loadPackageDefinition(loadSync(protoPath, { keepCase: true })) as unknown as {
      tts: { TTSService: new (address: string, secure: unknown) => { close(): void } };
    };
    stub = new root.tts.TTSService(`127.0.0.1:${running.server.port}`, credentials.createInsecure());
    cleanUps.push(
      () => running.server.close(),
      () => stub.close(),
    );
  });
  const unary = (method: string, request: object): Promise<Reply> =>
    new Promise((resolve, reject) =>
      stub[method](request, (error: ServiceError | null, reply: Reply) =>
        error === null ? resolve(reply) : reject(error),
      ),
    );
  const synthesize = (
    chunks: readonly object[],
    onFrame: (count: number) => void = () => undefined,
  ): Promise<Frame[]> =>
    new Promise((resolve, reject) => {
      const frames: Frame[] = [];
      const call = stub.Synthesize(new Metadata());
      call.on("data", (frame: Frame) => onFrame(frames.push(frame)));
      call.on("error", reject);
      call.on("end", () => resolve(frames));
      for (const chunk of chunks) call.write(chunk);
      call.end();
    });
  const start = (sessionId: string, modelId = "piper-en-us-lessac-medium") =>
    unary("StartSession", { session_id: sessionId, model_id: modelId });

  it("may name models that only the predecessor has, or none", async () => {
    for (const modelId of ["piper-en-us-lessac-medium", "cosyvoice2-en-base", ""])
      expect(await start("ws-1", modelId)).toMatchObject({ success: true });
    const frames = await synthesize([{ session_id: "ws-1", text: "Hello there.", is_final: true, sequence_number: 1 }]);
    expect(
      frames.every(
        (frame) =>
          frame.audio_data.length === 1920 &&
          frame.sample_rate === 48_000 &&
          frame.frame_duration_ms === 20 &&
          frame.session_id === "ws-1",
      ),
    ).toBe(true);
    expect(frames.map((frame) => Number(frame.sequence_number))).toEqual(frames.map((_, index) => index + 1));
    expect(frames.map((frame) => frame.is_final)).toEqual([...frames.slice(1).map(() => false), true]);
  });

  it("may send a text in parts that end anywhere", async () => {
    await start("ws-1");
    const whole = await synthesize([{ session_id: "ws-1", text: "Hello there, my friend." }]);
    const parts = await synthesize(
      ["Hel", "lo th", "ere, my fri", "end."].map((text) => ({ session_id: "ws-1", text })),
    );
    expect(parts.map((frame) => frame.audio_data)).toEqual(whole.map((frame) => frame.audio_data));
  });

  it("may have several streams on one session at a time", async () => {
    await start("agent-1", "cosyvoice2-en-base");
    const streams = await Promise.all(
      ["one two.", "three.", "four five six."].map((text) => synthesize([{ session_id: "agent-1", text }])),
    );
    expect(streams.map((frames) => frames.at(-1)?.is_final)).toEqual([true, true, true]);
  });

  it("is told by status when the session is missing or unknown", async () => {
    await expect(synthesize([{ text: "hello" }])).rejects.toMatchObject({
      code: status.INVALID_ARGUMENT,
      details: "Missing session_id",
    });
    await expect(synthesize([])).rejects.toMatchObject({ code: status.INVALID_ARGUMENT });
    await expect(synthesize([{ session_id: "nobody", text: "hello" }])).rejects.toMatchObject({
      code: status.NOT_FOUND,
    });
  });

  it("can stop what is spoken, and what comes later is spoken all the same", async () => {
    await start("ws-1");
    const text = "one two three four five six seven eight nine ten.";
    const full = await synthesize([{ session_id: "ws-1", text }]);
    const stopped = await synthesize([{ session_id: "ws-1", text }], (count) => {
      if (count === 25) void unary("Control", { session_id: "ws-1", command: "STOP" });
    });
    expect(stopped.length).toBeLessThan(full.length - 20);
    expect(stopped.at(-1)?.is_final).toBe(true);
    expect(stopped.every((frame) => frame.audio_data.length === 1920)).toBe(true);
    expect(await synthesize([{ session_id: "ws-1", text }])).toHaveLength(full.length);
  });

  it("can pause and resume, without a later stream being paused too", async () => {
    await start("ws-1");
    const text = "one two three four five six.";
    let received = 0;
    const paused = synthesize([{ session_id: "ws-1", text }], (count) => {
      received = count;
      if (count === 22) void unary("Control", { session_id: "ws-1", command: "PAUSE" });
    });
    await until(() => received >= 22);
    await new Promise((resolve) => setTimeout(resolve, 200));
    const atPause = received;
    const other = await synthesize([{ session_id: "ws-1", text }]);
    expect(received).toBe(atPause);
    expect(await unary("Control", { session_id: "ws-1", command: "RESUME" })).toMatchObject({ success: true });
    expect((await paused).map((frame) => frame.audio_data)).toEqual(other.map((frame) => frame.audio_data));
  });

  it("gets the control answers that it knows", async () => {
    expect(await unary("Control", { session_id: "nobody", command: "PAUSE" })).toMatchObject({ success: true });
    expect(await unary("Control", { session_id: "nobody", command: "RELOAD" })).toMatchObject({ success: false });
    const answer = await unary("Control", { session_id: "nobody", command: "STOP" });
    expect(Math.abs(Number(answer.timestamp_ms) - Date.now())).toBeLessThan(60_000);
  });

  it("can ask for models and capabilities, load and unload", async () => {
    expect(await unary("ListModels", {})).toMatchObject({
      models: [{ model_id: "tone", is_loaded: true, languages: ["en"] }],
    });
    expect(await unary("LoadModel", { model_id: "tone" })).toMatchObject({ success: true });
    expect(await unary("LoadModel", { model_id: "nobody" })).toMatchObject({ success: false });
    expect(await unary("UnloadModel", { model_id: "tone" })).toMatchObject({ success: true });
    expect(await unary("GetCapabilities", {})).toMatchObject({
      capabilities: { streaming: true, max_concurrent_sessions: 8 },
      resident_models: ["tone"],
    });
  });

  it("ends its streams with the session", async () => {
    await start("ws-1");
    const frames = await synthesize([{ session_id: "ws-1", text: "one two three four five six." }], (count) => {
      if (count === 22) void unary("EndSession", { session_id: "ws-1" });
    });
    expect(frames.at(-1)?.is_final).toBe(true);
    await expect(synthesize([{ session_id: "ws-1", text: "more" }])).rejects.toMatchObject({ code: status.NOT_FOUND });
  });

  it("frees the slot when it cancels", async () => {
    await start("agent-1");
    const call = stub.Synthesize(new Metadata());
    call.on("error", () => undefined);
    call.write({ session_id: "agent-1", text: "one two three four five six. " });
    await new Promise((resolve) => call.once("data", resolve));
    call.cancel();
    await until(() => running.worker.stats().inUse === 0);
  });
});
