import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import { Server as GrpcServer, ServerCredentials, type ServerDuplexStream } from "@grpc/grpc-js";
import { afterEach, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { VOICE_FRAME_SAMPLES, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { silentLogger } from "#core/ports/logger";
import type { VoiceFrame } from "#core/ports/voice-link";
import { textSource } from "#testing/manual-text-source";
import { testWorkerInfo } from "#testing/worker-registry.contract";
import { createGrpcVoiceLink } from "./grpc-voice-link";
import { loadTtsProto } from "./tts-proto";

const protoPath = "services/contracts/proto/tts.proto";
const cleanUps: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** What was heard of "One." before the failure. */
async function hear(port: number): Promise<{ frames: VoiceFrame[]; error: unknown }> {
  const link = createGrpcVoiceLink({ clock: systemClock, log: silentLogger, protoPath, firstFrameTimeoutMs: 2_000 });
  cleanUps.push(() => link.close());
  const frames: VoiceFrame[] = [];
  const worker = testWorkerInfo("bad", { address: `127.0.0.1:${port}` });
  const lease = { requestId: "r", worker, generation: 1, fencingToken: 1, ttlMs: 10_000 };
  try {
    const { signal } = new AbortController();
    const clauses = textSource("One.");
    for await (const frame of link.speak({ sessionId: "s", voice: "tone", lease, clauses, signal })) frames.push(frame);
    return { frames, error: undefined };
  } catch (error) {
    return { frames, error };
  }
}

const frame = (sequence: number, changes: object = {}): object => ({
  session_id: "s",
  audio_data: Buffer.alloc(VOICE_FRAME_SAMPLES * 2),
  sample_rate: VOICE_SAMPLE_RATE_HZ,
  frame_duration_ms: 20,
  sequence_number: sequence,
  is_final: false,
  words: [],
  ...changes,
});

type Call = ServerDuplexStream<unknown, object>;

/** A worker that answers the first text with these frames, and ends or not. */
async function startWorker(answer: (call: Call) => void): Promise<number> {
  const server = new GrpcServer();
  server.addService(loadTtsProto(protoPath).service, {
    Synthesize: (call: Call) => {
      call.on("error", () => undefined);
      call.once("data", () => answer(call));
    },
  });
  cleanUps.push(() => server.forceShutdown());
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
      error === null ? resolve(port) : reject(error),
    );
  });
}

async function listen(server: Server): Promise<number> {
  cleanUps.push(() => server.close());
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("[TT34] an address where no worker of ours answers is a worker that is lost or refuses", () => {
  it.each<[string, () => Server]>([
    ["a web server", () => createHttpServer((_, response) => response.end("hello"))],
    [
      "a server that talks at once",
      () => createServer((socket) => socket.on("error", () => undefined).write("220 mail\r\n")),
    ],
    ["a server that hangs up", () => createServer((socket) => socket.destroy())],
    [
      "random bytes",
      () =>
        createServer((socket) =>
          socket.on("error", () => undefined).on("data", () => socket.write(Buffer.alloc(4_096, 0x5a))),
        ),
    ],
  ])("%s", async (_what, create) => {
    const { frames, error } = await hear(await listen(create()));
    expect(frames).toEqual([]);
    expect(error).toMatchObject({ code: expect.stringMatching(/^worker-(lost|refused)$/) });
  });
});

describe("a worker that breaks the rules of its stream", () => {
  it.each<[string, object]>([
    ["too small", { audio_data: Buffer.alloc(100) }],
    ["too large", { audio_data: Buffer.alloc(VOICE_FRAME_SAMPLES * 4) }],
    ["of another rate", { sample_rate: 16_000 }],
    ["empty in the middle", { audio_data: Buffer.alloc(0) }],
    ["out of order", { sequence_number: 7 }],
    ["sent twice", { sequence_number: 1 }],
  ])("a frame %s: refused, and what came before is kept", async (_what, changes) => {
    const port = await startWorker((call) => {
      call.write(frame(1));
      call.write(frame(2, changes));
    });
    const { frames, error } = await hear(port);
    expect(frames).toHaveLength(1);
    expect(error).toMatchObject({ code: "worker-refused" });
  });

  it("frames after the end are not heard", async () => {
    const port = await startWorker((call) => {
      call.write(frame(1, { is_final: true }));
      call.write(frame(2));
      call.end();
    });
    const { frames, error } = await hear(port);
    expect(frames).toHaveLength(1);
    expect(error).toBeUndefined();
  });

  it("a call that is not ended after the last frame is ended here", async () => {
    const isCancelled = new Promise<boolean>((resolve) => {
      void startWorker((call) => {
        call.on("cancelled", () => resolve(true));
        call.write(frame(1, { is_final: true }));
      }).then(hear);
    });
    expect(await isCancelled).toBe(true);
  });

  it("an end without a last frame is a lost worker", async () => {
    const port = await startWorker((call) => {
      call.write(frame(1));
      call.end();
    });
    expect((await hear(port)).error).toMatchObject({ code: "worker-lost" });
  });

  it("a voice that never ends is refused once it is longer than any reading of the text", async () => {
    const port = await startWorker((call) => {
      for (let sequence = 1; sequence <= 2_000; sequence += 1) call.write(frame(sequence));
    });
    const { frames, error } = await hear(port);
    expect(frames).toHaveLength(600);
    expect(error).toMatchObject({ code: "worker-refused" });
  });
});
