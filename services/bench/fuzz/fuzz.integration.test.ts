import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createGrpcVoiceServer } from "#adapters/grpc/grpc-voice-server";
import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { createToneEngine } from "#adapters/tone-tts/tone-engine";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { createWebServer } from "#adapters/web-server/web-server";
import { createSeededRandom } from "#core/random/seeded-random";
import { silentLogger } from "#core/ports/logger";
import { createOrchestrator } from "#orchestrator/orchestrator";
import { createOrchestratorWorld } from "#testing/orchestrator-world";
import { startTestRedis } from "#testing/test-redis";
import { createTtsWorker } from "#tts-worker/tts-worker";
import type { Door } from "./door";
import { createGrpcDoor } from "./grpc-door";
import { createHttpDoor } from "./http-door";
import { createMutator } from "./mutate";
import { createRegistryDoor } from "./registry-door";
import { createWebSocketDoor } from "./websocket-door";

const SEED = 7;
const protoPath = "services/contracts/proto/tts.proto";
const log = silentLogger;
const mutatorFor = (door: string) => createMutator(createSeededRandom(SEED, door));

const doors = new Map<string, Door>();
const cleanUps: (() => unknown)[] = [];
const surprises: unknown[] = [];
const onSurprise = (error: unknown): void => void surprises.push(error);

beforeAll(async () => {
  process.on("unhandledRejection", onSurprise);
  await Promise.all([openWeb(), openWorker(), openRegistry()]);
});
afterAll(async () => {
  for (const cleanUp of cleanUps.reverse()) await cleanUp();
  process.off("unhandledRejection", onSurprise);
});

async function openWeb(): Promise<void> {
  const world = await createOrchestratorWorld((clock) => createMemoryRegistry({ clock }));
  const orchestrator = createOrchestrator({ ...world.deps, maxSessions: 1_000 });
  await orchestrator.start();
  const web = await createWebServer({
    host: "127.0.0.1",
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    maxConnections: 256,
    uiFolder: "renderer",
    routes: new Map([["/healthz", () => ({ status: 200, contentType: "text/plain", body: "ok" })]]),
    onConnection: (connection) => orchestrator.accept(connection),
    onRefused: () => undefined,
    clock: systemClock,
    log,
  });
  cleanUps.push(() => web.close());
  doors.set("WebSocket", createWebSocketDoor(`ws://127.0.0.1:${web.port}`, mutatorFor("WebSocket")));
  doors.set("HTTP", createHttpDoor(web.port, mutatorFor("HTTP")));
}

async function openWorker(): Promise<void> {
  const worker = createTtsWorker({
    engines: [createToneEngine({ clock: systemClock })],
    normalizer: createSpeakableText(),
    resamplers: await createSpeexResamplerFactory(),
    registry: createMemoryRegistry({ clock: systemClock }),
    clock: systemClock,
    ids: systemIds,
    random: Math.random,
    log,
    config: { name: "w", address: "127.0.0.1:0", host: "here", capacity: 8, defaultVoice: "tone" },
  });
  const server = await createGrpcVoiceServer({
    worker,
    host: "127.0.0.1",
    port: 0,
    protoPath,
    clock: systemClock,
    log,
  });
  const door = createGrpcDoor({ address: `127.0.0.1:${server.port}`, protoPath, mutator: mutatorFor("gRPC") });
  cleanUps.push(
    () => server.close(),
    () => door.close(),
  );
  doors.set("gRPC", door);
}

async function openRegistry(): Promise<void> {
  const redis = await startTestRedis();
  const origin = { source: "url" as const, address: "test", banner: undefined };
  const registry = await createRedisRegistry({ url: redis.url, origin, clock: systemClock, log });
  const door = createRegistryDoor({ registry, url: redis.url, mutator: mutatorFor("registry") });
  cleanUps.push(
    () => redis.stop(),
    () => registry.close(),
    () => door.close(),
  );
  doors.set("registry", door);
}

describe("messages that are almost right", () => {
  it.each([
    ["WebSocket", 900],
    ["HTTP", 500],
    ["gRPC", 400],
    ["registry", 500],
  ])("%s takes or refuses each of them, and serves on", async (name, count) => {
    const door = doors.get(name);
    await door?.knock(count);
    await door?.check();
    expect(surprises).toEqual([]);
  });
});
