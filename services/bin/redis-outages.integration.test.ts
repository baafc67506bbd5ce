import { writeFile, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { afterAll, describe, expect, it } from "vitest";
import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import { createGrpcVoiceServer } from "#adapters/grpc/grpc-voice-server";
import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { createToneEngine } from "#adapters/tone-tts/tone-engine";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { silentLogger } from "#core/ports/logger";
import type { RegistryOrigin, WorkerRegistry } from "#core/ports/worker-registry";
import { createOrchestrator, type Orchestrator } from "#orchestrator/orchestrator";
import { ListeningClient, type HeardTurn } from "#testing/listening-client";
import { createOrchestratorWorld } from "#testing/orchestrator-world";
import { createScriptedBrain } from "#testing/scripted-brain";
import { startSentinelGroup, type SentinelGroup } from "#testing/redis-groups";
import { startSwallowingProxy } from "#testing/swallowing-proxy";
import { findFreePort, startTestRedis, type TestRedis } from "#testing/test-redis";
import { createTtsWorker } from "#tts-worker/tts-worker";

/** A tenth of the usual times would be shorter than a busy computer's pauses. */
const HEARTBEAT_MS = 500;
const TTL_MS = 1_500;
const fleetTimes = { graceMs: 2 * TTL_MS, listIntervalMs: 30_000, forgetAfterMs: 60_000 };
const origin: RegistryOrigin = { source: "url", address: "test", banner: undefined };
const clock = systemClock;
const log = silentLogger;
/** Ten words of 240 ms. */
const ANSWER = "One two three four five six seven eight nine ten.";
const protoPath = "services/contracts/proto/tts.proto";
/** Conversations are judged by their sound; a computer busy with all of these at once may pause, but not for this long. */
const DRY_LIMIT_MS = 1_500;
const WHOLE_SAMPLES = 2.4 * 48_000;
/** On a busy computer the voice may seem to stall and go on after a seam, which is some frames longer or shorter. */
const SEAM_SAMPLES = 0.2 * 48_000;

interface Fleet {
  server: TestRedis;
  admin: Redis;
  orchestrator: Orchestrator;
  /** Of the test, to see what the registry knows; through no proxy. */
  registry: WorkerRegistry;
  client: ListeningClient;
  folder: string;
  passwordFile: string;
  ownLeases(): number;
  close(): Promise<void>;
}

/** One Redis, an orchestrator and a worker with connections of their own, and a client that is talked to. */
async function startFleet(options: {
  port?: (redisPort: number) => Promise<number>;
  password?: string;
  /** Instead of one server. */
  group?: SentinelGroup;
}): Promise<Fleet> {
  const { password, group } = options;
  const config = password === undefined ? [] : [`requirepass ${password}`];
  const server = group?.master ?? (await startTestRedis({ config }));
  const folder = await mkdtemp(path.join(tmpdir(), "parley-outage-"));
  const passwordFile = path.join(folder, "password");
  await writeFile(passwordFile, `${password ?? ""}\n`);
  const url = group?.url ?? `redis://127.0.0.1:${(await options.port?.(server.port)) ?? server.port}`;
  const open = (at = url) =>
    createRedisRegistry({
      url: at,
      ...(password === undefined ? {} : { password, passwordFile }),
      origin,
      clock,
      log,
      fleetTimes,
    });
  const [forWorker, forOrchestrator, registry] = await Promise.all([open(), open(), open(group?.url ?? server.url)]);
  const port = await findFreePort();
  const worker = createTtsWorker({
    engines: [createToneEngine({ clock })],
    normalizer: createSpeakableText(),
    resamplers: await createSpeexResamplerFactory(),
    registry: forWorker,
    clock,
    ids: systemIds,
    random: Math.random,
    log,
    config: {
      name: "worker-a",
      address: `127.0.0.1:${port}`,
      host: "here",
      capacity: 4,
      defaultVoice: "tone",
      heartbeatMs: HEARTBEAT_MS,
      ttlMs: TTL_MS,
      drainTimeoutMs: 100,
    },
  });
  const voiceServer = await createGrpcVoiceServer({
    worker,
    host: "127.0.0.1",
    port,
    protoPath,
    token: undefined,
    clock,
    log,
  });
  await worker.start();
  const voiceLink = createGrpcVoiceLink({ clock, log, protoPath, token: undefined });
  let ownLeaseCount = 0;
  const { deps } = await createOrchestratorWorld((fake) => createMemoryRegistry({ clock: fake }));
  const orchestrator = createOrchestrator({
    ...deps,
    clock,
    registry: forOrchestrator,
    voiceLink,
    brain: createScriptedBrain({ clock, answers: [[{ delta: ANSWER }]] }),
    defaultVoice: "tone",
    leaseTtlMs: 3_000,
    metrics: {
      ...deps.metrics,
      count: (name) => void (ownLeaseCount += name === "parley_outage_leases_total" ? 1 : 0),
    },
  });
  await orchestrator.start();
  const client = new ListeningClient(clock);
  orchestrator.accept(client);
  client.start();
  const admin = new Redis({ port: server.port, ...(password === undefined ? {} : { password }) });
  admin.on("error", () => undefined);
  const fleet: Fleet = {
    server,
    admin,
    orchestrator,
    registry,
    client,
    folder,
    passwordFile,
    ownLeases: () => ownLeaseCount,
    async close() {
      client.close();
      await orchestrator.stop({ timeoutMs: 0 });
      await worker.stop();
      await Promise.all([voiceServer.close(), voiceLink.close(), forWorker.close(), forOrchestrator.close()]);
      await registry.close();
      admin.disconnect();
      await fleet.server.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return fleet;
}

const wait = (durationMs: number) => new Promise<void>((resolve) => void clock.setTimer(durationMs, resolve));
/** `expect.poll` knows its test only where tests do not run side by side. */
async function until(isTrue: () => Promise<boolean>, explain: () => string): Promise<void> {
  const deadlineMs = clock.nowMs() + 15_000;
  while (!(await isTrue())) {
    if (clock.nowMs() > deadlineMs) throw new Error(explain());
    await wait(20);
  }
}
const reasons = ({ orchestrator }: Fleet) => orchestrator.readiness().reasons.join(" ");

async function isHealed({ orchestrator, registry }: Fleet): Promise<boolean> {
  const workers = await registry.list().catch(() => []);
  return (
    workers[0]?.isLive === true && orchestrator.readiness().reasons.every((reason) => !/Redis|registry/.test(reason))
  );
}

interface Fault {
  title: string;
  /** Ends when what was broken is whole again. */
  strike(fleet: Fleet): Promise<void>;
  /** What a person is told meanwhile. */
  words: RegExp | undefined;
  password?: string;
}

/** Conversations go on all through the fault; then the registry must be whole, and grant the leases again. */
async function live(fleet: Fleet, { strike, words }: Fault): Promise<{ healMs: number }> {
  const turns: HeardTurn[] = [await fleet.client.ask("count")];
  let isOver = false;
  const talking = (async () => {
    while (!isOver) turns.push(await fleet.client.ask("count"));
  })();
  await wait(1_000);
  const told: string[] = [];
  const noting = clock.setRepeating(50, () => void told.push(reasons(fleet)));
  let healMs = NaN;
  try {
    await strike(fleet);
    const repairedAtMs = clock.nowMs();
    await until(
      () => isHealed(fleet),
      () => reasons(fleet),
    );
    healMs = Math.round(clock.nowMs() - repairedAtMs);
  } finally {
    noting.dispose();
    isOver = true;
    await talking;
  }
  if (words !== undefined)
    expect(
      told.some((text) => words.test(text)),
      [...new Set(told)].join("\n"),
    ).toBe(true);
  for (const turn of turns) {
    expect(turn).toMatchObject({ missingSamples: 0, endReason: "completed", heardText: ANSWER });
    expect(Math.abs(turn.samples - WHOLE_SAMPLES)).toBeLessThanOrEqual(SEAM_SAMPLES);
    expect(turn.dryMs).toBeLessThan(DRY_LIMIT_MS);
  }
  expect(fleet.client.errors).toEqual([]);
  const before = fleet.ownLeases();
  await fleet.client.ask("count");
  expect(fleet.ownLeases()).toBe(before);
  return { healMs };
}

const kill = (downMs: number) => async (fleet: Fleet) => {
  await fleet.server.stop();
  await wait(downMs);
  fleet.server = await startTestRedis({ port: fleet.server.port });
};
const dropAll = (admin: Redis) => admin.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
/** As long as it takes until everybody has noticed. */
const untilTold = (fleet: Fleet, words: RegExp) =>
  until(
    async () => words.test(reasons(fleet)),
    () => `${words} was not told: ${reasons(fleet)}`,
  );

const REFUSED = /refused the password/;
const FULL = /All connections of the Redis server are taken/;
const READ_ONLY = /read-only copy/;
const SILENT = /cannot be reached.*does not answer/;

const faults: Fault[] = [
  { title: "killed, and back after 2 s", strike: kill(2_000), words: /cannot be reached.*nothing listens there/ },
  ...(process.env["PARLEY_LONG_FAULTS"] === "1"
    ? [{ title: "killed, and back after 20 s", strike: kill(20_000), words: /nothing listens there/ }]
    : []),
  {
    title: "frozen for 5 s",
    words: SILENT,
    async strike({ server }) {
      server.process.kill("SIGSTOP");
      await wait(5_000);
      server.process.kill("SIGCONT");
    },
  },
  { title: "FLUSHALL", strike: async ({ admin }) => void (await admin.flushall()), words: undefined },
  {
    title: "its password rotated, and later in our file (WRONGPASS)",
    password: "first",
    words: REFUSED,
    async strike(fleet) {
      await fleet.admin.config("SET", "requirepass", "second");
      await dropAll(fleet.admin);
      await untilTold(fleet, REFUSED);
      await writeFile(fleet.passwordFile, "second\n");
    },
  },
  {
    title: "asking for a password that nobody has, and not any more (NOAUTH)",
    words: /asks for a password/,
    async strike(fleet) {
      await fleet.admin.config("SET", "requirepass", "secret");
      await dropAll(fleet.admin);
      await untilTold(fleet, /asks for a password/);
      await fleet.admin.config("SET", "requirepass", "");
    },
  },
  {
    title: "all its connections taken by others",
    words: FULL,
    async strike(fleet) {
      await fleet.admin.config("SET", "maxclients", "1");
      await dropAll(fleet.admin);
      await untilTold(fleet, FULL);
      await fleet.admin.config("SET", "maxclients", "100");
    },
  },
  {
    title: "made a replica by hand (READONLY), and master again",
    words: READ_ONLY,
    async strike(fleet) {
      await fleet.admin.replicaof("127.0.0.1", 1);
      await untilTold(fleet, READ_ONLY);
      await fleet.admin.replicaof("NO", "ONE");
    },
  },
];

describe.concurrent("[RG60] [RG78] a conversation goes on while Redis is", () => {
  const results: string[] = [];
  afterAll(() => void console.info(results.join("\n")));

  it.each(faults)("$title", { timeout: 60_000 }, async (fault) => {
    const fleet = await startFleet(fault);
    try {
      const { healMs } = await live(fleet, fault);
      results.push(`${fault.title}: whole again ${healMs} ms after the repair`);
    } finally {
      await fleet.close();
    }
  });

  it("a master under Sentinels, and killed", { timeout: 60_000 }, async () => {
    const group = await startSentinelGroup();
    const fleet = await startFleet({ group });
    const replica = new Redis(group.replica.url);
    try {
      const { healMs } = await live(fleet, {
        title: "",
        words: /cannot be reached/,
        async strike() {
          group.master.process.kill("SIGKILL");
          await until(
            async () => (await replica.role())[0] === "master",
            () => "the replica was not made the master",
          );
        },
      });
      results.push(`master killed: whole again ${healMs} ms after the replica took its place`);
    } finally {
      await fleet.close();
      replica.disconnect();
      await group.stop();
    }
  });

  it("behind a link that swallows everything for 6 s (half-open)", { timeout: 60_000 }, async () => {
    let proxy: Awaited<ReturnType<typeof startSwallowingProxy>> | undefined;
    const fleet = await startFleet({
      port: async (redisPort) => {
        proxy = await startSwallowingProxy(redisPort);
        return proxy.port;
      },
    });
    try {
      const { healMs } = await live(fleet, {
        title: "",
        words: SILENT,
        async strike() {
          proxy?.swallow();
          await wait(6_000);
          proxy?.heal();
        },
      });
      results.push(`half-open link: whole again ${healMs} ms after the repair`);
    } finally {
      await fleet.close();
      await proxy?.close();
    }
  });
});
