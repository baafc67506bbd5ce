import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { createToneEngine } from "#adapters/tone-tts/tone-engine";
import { silentLogger } from "#core/ports/logger";
import { textSource } from "#testing/manual-text-source";
import { workerInfo } from "#testing/worker-snapshot";
import { createTtsWorker } from "#tts-worker/tts-worker";
import { createGrpcVoiceLink } from "./grpc-voice-link";
import { createGrpcVoiceServer, type GrpcVoiceServerOptions } from "./grpc-voice-server";

const pem = (name: string): string =>
  readFileSync(new URL(`../../testing/fixtures/tls/${name}`, import.meta.url), "utf8");
const key = pem("server.key");
const CA = pem("ca.crt");
const SECURE = { certificate: pem("server.crt"), key };
const EXPIRED = pem("expired.crt");
const common = { protoPath: "services/contracts/proto/tts.proto", clock: systemClock, log: silentLogger };

const warnings: string[] = [];
process.on("warning", (warning) => warnings.push(warning.message));

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startServer(options: Pick<GrpcVoiceServerOptions, "tls" | "token">): Promise<number> {
  const worker = createTtsWorker({
    engines: [createToneEngine({ clock: systemClock })],
    normalizer: createSpeakableText(),
    resamplers: await createSpeexResamplerFactory(),
    registry: createMemoryRegistry({ clock: systemClock }),
    clock: systemClock,
    ids: systemIds,
    random: Math.random,
    log: silentLogger,
    config: { name: "worker-a", address: "127.0.0.1:0", host: "here", capacity: 8, defaultVoice: "tone" },
  });
  // All of 127.0.0.0/8 is this computer.
  const server = await createGrpcVoiceServer({ ...common, worker, host: "0.0.0.0", port: 0, ...options });
  cleanUps.push(() => server.close());
  return server.port;
}

interface Ask {
  address: string;
  isTls?: boolean;
  ca?: string;
  token?: string;
}

/** Number of frames that came. */
async function speak({ address, isTls, ca, token }: Ask): Promise<number> {
  const link = createGrpcVoiceLink({
    ...common,
    ...(ca === undefined ? {} : { ca }),
    ...(token === undefined ? {} : { token }),
  });
  cleanUps.push(() => link.close());
  const worker = { ...workerInfo("worker-a", "tone"), address, ...(isTls === undefined ? {} : { isTls }) };
  const frames = link.speak({
    sessionId: "s1",
    voice: "tone",
    lease: { requestId: "r1", worker, generation: 1, fencingToken: 1, ttlMs: 10_000 },
    clauses: textSource("Hi."),
    signal: new AbortController().signal,
  });
  let count = 0;
  for await (const _frame of frames) count += 1;
  return count;
}

describe("[RG19] a worker with a certificate", () => {
  it("speaks by TLS with those that know its authority, and asks for the token", async () => {
    const address = `127.0.0.1:${await startServer({ tls: SECURE, token: "secret" })}`;
    expect(await speak({ address, isTls: true, ca: CA, token: "secret" })).toBeGreaterThan(5);
    await expect(speak({ address, isTls: true, ca: CA, token: "wrong" })).rejects.toMatchObject({
      code: "worker-unauthorized",
    });
  });

  it("is called at an IP address without a word on stderr, and never for another one", async () => {
    const port = await startServer({ tls: SECURE });
    expect(await speak({ address: `127.0.0.1:${port}`, isTls: true, ca: CA })).toBeGreaterThan(5);
    await expect(speak({ address: `127.0.0.2:${port}`, isTls: true, ca: CA })).rejects.toThrow();
    expect(warnings).toEqual([]);
  });

  it("of an unknown authority, or for another host name, is not trusted", async () => {
    const port = await startServer({ tls: SECURE });
    await expect(speak({ address: `127.0.0.1:${port}`, isTls: true })).rejects.toMatchObject({
      code: "worker-untrusted",
      message: expect.stringContaining("authority that is not known") as string,
    });
    await expect(speak({ address: `127.0.0.2:${port}`, isTls: true, ca: CA })).rejects.toMatchObject({
      code: "worker-untrusted",
      message: expect.stringContaining("another host name") as string,
    });
  });

  it("that has expired is not trusted", async () => {
    const port = await startServer({ tls: { certificate: EXPIRED, key } });
    await expect(speak({ address: `127.0.0.1:${port}`, isTls: true, ca: EXPIRED })).rejects.toMatchObject({
      code: "worker-untrusted",
      message: expect.stringContaining("expired") as string,
    });
  });

  it("of another key is refused at the start", async () => {
    await expect(startServer({ tls: { certificate: CA, key } })).rejects.toMatchObject({ code: "bad-config" });
  });
});

it("[P4] a worker looks at no token of an address that has guessed 20 times", async () => {
  const port = await startServer({ token: "secret" });
  const address = `127.0.0.1:${port}`;
  const guesser = createGrpcVoiceLink({ ...common, token: "wrong" });
  cleanUps.push(() => guesser.close());
  for (let i = 0; i < 20; i++)
    await expect(guesser.listModels({ address })).rejects.toMatchObject({ code: "worker-unauthorized" });
  await expect(speak({ address, token: "secret" })).rejects.toMatchObject({
    code: "worker-unauthorized",
    message: expect.stringContaining("Too many wrong tokens") as string,
  });
});

describe("[RG19] TLS on one side only", () => {
  it("a worker that speaks TLS without its record saying so: worker-needs-tls", async () => {
    const address = `127.0.0.1:${await startServer({ tls: SECURE })}`;
    await expect(speak({ address })).rejects.toMatchObject({ code: "worker-needs-tls" });
  });

  it("a worker without TLS whose record says that it has it: worker-without-tls", async () => {
    const address = `127.0.0.1:${await startServer({})}`;
    await expect(speak({ address, isTls: true, ca: CA })).rejects.toMatchObject({ code: "worker-without-tls" });
  });

  it("a worker that is not there is told as that, with TLS and without", async () => {
    const notThere = {
      code: "worker-unreachable",
      message: "The voice worker cannot be reached. (127.0.0.1:1: nothing listens there)",
    };
    await expect(speak({ address: "127.0.0.1:1" })).rejects.toMatchObject(notThere);
    await expect(speak({ address: "127.0.0.1:1", isTls: true, ca: CA })).rejects.toMatchObject(notThere);
  });
});
