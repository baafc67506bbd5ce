import { createServer, type AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { FOREIGN_PROTOCOL_VERSION } from "#contracts/registry/worker-record";
import { silentLogger } from "#core/ports/logger";
import type { SpeakRequest, VoiceFrame } from "#core/ports/voice-link";
import { startForeignWorker, type ForeignFault, type ForeignWorker } from "#testing/foreign-worker";
import { textSource } from "#testing/manual-text-source";
import { createGrpcVoiceLink, type GrpcVoiceLink } from "./grpc-voice-link";

let foreign: ForeignWorker;
let link: GrpcVoiceLink;
beforeEach(async () => {
  foreign = await startForeignWorker();
  const protoPath = "services/contracts/proto/tts.proto";
  const options = { clock: systemClock, log: silentLogger, protoPath, token: "secret", firstFrameTimeoutMs: 400 };
  link = createGrpcVoiceLink(options);
});
afterEach(async () => {
  await link.close();
  foreign.kill();
});

function requestTo(address: string, overrides: Partial<SpeakRequest> = {}): SpeakRequest {
  return {
    sessionId: "s1",
    voice: "flite-slt",
    lease: {
      requestId: "r1",
      generation: 1,
      fencingToken: 1,
      ttlMs: 10_000,
      worker: {
        name: "tts-cosyvoice2@0",
        address,
        host: "elsewhere",
        device: "gpu",
        protocolVersion: FOREIGN_PROTOCOL_VERSION,
        languages: ["en"],
        voices: ["cosyvoice2-en-base", "flite-slt"],
        residentVoices: ["cosyvoice2-en-base"],
        startedAt: "1970-01-01T00:00:00.000Z",
      },
    },
    clauses: textSource("One.", " two three."),
    signal: new AbortController().signal,
    ...overrides,
  };
}

async function collect(frames: AsyncIterable<VoiceFrame>): Promise<VoiceFrame[]> {
  const all: VoiceFrame[] = [];
  for await (const frame of frames) all.push(frame);
  return all;
}

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe("a worker of the predecessor", () => {
  it("[RG91] is asked clause by clause, and its words get times in order of the text", async () => {
    const frames = await collect(link.speak(requestTo(foreign.address)));
    expect(foreign.texts).toEqual(["One.", " two three."]);
    expect(frames).toHaveLength(46);
    expect(frames.filter((frame) => frame.isFinal)).toEqual([frames.at(-1)]);
    const words = frames.flatMap((frame) => frame.words);
    expect(words.map((word) => word.text)).toEqual(["One.", "two", "three."]);
    expect(words[1]?.startSamples).toBeGreaterThanOrEqual(15 * 960);
    expect(words[2]).toMatchObject({ textStart: 9, textEnd: 15 });
  });

  it("[RG92] speaks an unknown voice with a model that it has loaded, in a session of its own that is closed", async () => {
    await collect(link.speak(requestTo(foreign.address)));
    expect(foreign.models).toEqual(["cosyvoice2-en-base"]);
    await until(() => foreign.openSessions.size === 0);
  });

  it("[RG93] is told neither our token nor anything else of ours", async () => {
    await collect(link.speak(requestTo(foreign.address)));
    expect([...foreign.metadataNames].filter((name) => /parley|authorization/.test(name))).toEqual([]);
  });

  it("[RG94] is interrupted by cancelling, never by STOP, and can be asked again", async () => {
    const interruption = new AbortController();
    const speaking = (async () => {
      for await (const frame of link.speak(requestTo(foreign.address, { signal: interruption.signal })))
        if (frame.words.length > 0) interruption.abort();
    })();
    await expect(speaking).rejects.toMatchObject({ code: "cancelled" });
    expect(foreign.commands).toEqual([]);
    expect(await collect(link.speak(requestTo(foreign.address)))).toHaveLength(46);
  });

  it("[RG95] frames after the end are not heard", async () => {
    foreign.fault = "frames-after-end";
    expect(await collect(link.speak(requestTo(foreign.address)))).toHaveLength(46);
  });

  it.each<[ForeignFault, RegExp]>([
    ["empty-end", /no audio/],
    ["no-frames", /no audio/],
    ["short-frames", /1920 bytes/],
    ["never-ends", /come to an end|Deadline/],
    ["silent", /Deadline/],
    ["refuses-sessions", /unknown model/],
    ["breaks-in-clause", /CUDA/],
  ])("[RG95] %s: the worker is lost, and nothing of the clause is heard", async (fault, why) => {
    foreign.fault = fault;
    const frames: VoiceFrame[] = [];
    const speaking = (async () => {
      for await (const frame of link.speak(requestTo(foreign.address))) frames.push(frame);
    })();
    const error: unknown = await speaking.catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "worker-lost", message: expect.stringMatching(why) });
    expect(frames).toEqual([]);
  });

  it("[RG95] a clause that it has given is heard to its end when it dies", async () => {
    const frames: VoiceFrame[] = [];
    const speaking = (async () => {
      for await (const frame of link.speak(
        requestTo(foreign.address, { clauses: textSource("One two.", " three.") }),
      )) {
        frames.push(frame);
        if (frames.length === 1) foreign.kill();
        if (frames.length === 1) foreign.fault = "silent";
      }
    })();
    await expect(speaking).rejects.toMatchObject({ code: "worker-lost" });
    expect(frames.length % 15).toBe(0);
    expect(frames.length).toBeGreaterThanOrEqual(30);
  });

  it("[RG90] tells what is true of it when it is probed", async () => {
    expect(await link.probe(foreign.address)).toEqual({
      languages: ["en"],
      residentModels: ["cosyvoice2-en-base"],
      sessionCount: 0,
    });
  });

  it("[RG90] something that is no gRPC at the address is told from it", async () => {
    const server = createServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")).listen(0, "127.0.0.1");
    await new Promise((resolve) => server.once("listening", resolve));
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    await expect(link.probe(address)).rejects.toMatchObject({ code: "worker-lost" });
    await expect(collect(link.speak(requestTo(address)))).rejects.toMatchObject({ code: "worker-lost" });
    server.close();
  });
});
