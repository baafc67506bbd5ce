import { Redis } from "ioredis";
import { AppError } from "#contracts/errors";
import { PREDECESSOR_KEY_PREFIX } from "#contracts/registry/predecessor-record";
import type { WorkerInfo } from "#contracts/registry/worker-record";
import { readForeignRecord } from "#core/registry/foreign-record";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { inTime, type Door } from "./door";
import type { Mutator } from "./mutate";

const PREFIX = "parley:{r}:";
/** Damaged at once; then everything that reads them is asked. */
const RECORDS_PER_ROUND = 25;
const VOICE = "fuzz";
const SOUND = "fuzz-sound";
const TTL_MS = 60_000;
const FIELDS = ["nonce", "gen", "cap", "state", "info", "voices", "beat", "stats"] as const;

const infoOf = (name: string): WorkerInfo => ({
  name,
  // Nothing listens there.
  address: "127.0.0.1:1",
  host: "fuzz",
  device: "cpu",
  protocolVersion: 1,
  languages: ["en"],
  voices: [VOICE],
  residentVoices: [],
  startedAt: "2026-03-02T10:00:00Z",
});
const foreign = { name: "fuzz", addr: "grpc://127.0.0.1:1", capabilities: { streaming: true }, resident_models: [] };

/** What stands in Redis under the registry's keys, written by somebody who should not. One worker among them is sound. */
export function createRegistryDoor(options: {
  registry: WorkerRegistry;
  url: string;
  password?: string | undefined;
  mutator: Mutator;
}): Door {
  const { registry, mutator } = options;
  const client = new Redis(options.url, options.password === undefined ? {} : { password: options.password });
  client.on("error", () => undefined);
  let round = 0;

  const register = async (name: string) => {
    const info = infoOf(name);
    const outcome = await registry.register({ info, nonce: `${name} ${++round}`, capacity: 2, ttlMs: TTL_MS });
    return outcome.type === "registered" ? outcome.registration : undefined;
  };

  const damage = async (name: string): Promise<void> => {
    const key = `${PREFIX}w:${name}`;
    const field = mutator.pick(FIELDS);
    const text = mutator.json(infoOf(name));
    const ways: (() => Promise<unknown>)[] = [
      async () => client.hset(key, field, mutator.text((await client.hget(key, field)) ?? "1")),
      () => client.hset(key, field, mutator.pick(["", "0", "-1", "nan", "inf", "[[]]", "[1]", "null", text])),
      () => client.hset(key, "info", text),
      () => client.hset(key, "voices", mutator.json([VOICE])),
      () => client.hdel(key, field),
      () => client.set(key, text),
      () => client.set(`${PREFIX}wl:${name}`, text),
      () => client.zrem(`${PREFIX}${mutator.pick(["exp", "names"])}`, name),
      () => client.zadd(`${PREFIX}load:${VOICE}`, -1, mutator.text(name)),
      async () => client.multi().set(`${PREFIX}l:${name}`, text).zadd(`${PREFIX}lx`, 0, name).exec(),
      () => client.hset(`${PREFIX}l:${name}`, "worker", mutator.text(name), "tok", text),
      () => client.set(PREDECESSOR_KEY_PREFIX + name, mutator.json({ ...foreign, name })),
      () => client.hset(`tts:worker:${name}`, { ...foreign, capabilities: text, resident_models: "[]" }),
    ];
    await mutator.pick(ways)();
  };

  const clean = async (names: readonly string[]): Promise<void> => {
    const own = names.flatMap((name) => [`${PREFIX}w:${name}`, `${PREFIX}wl:${name}`, `${PREFIX}l:${name}`]);
    const others = names.flatMap((name) => [PREDECESSOR_KEY_PREFIX + name, `tts:worker:${name}`]);
    await client.del(...own, `${PREFIX}load:${VOICE}`);
    for (const key of others) await client.del(key);
    for (const index of ["exp", "names", "late", "lx"]) await client.zrem(PREFIX + index, ...names);
  };

  /** All may be refused, with a code; only the sound worker must be there. */
  const readAll = async (names: readonly string[]): Promise<void> => {
    const listed = await registry.list();
    if (!listed.some(({ name, isLive }) => name === SOUND && isLive)) throw new Error("the sound worker is not listed");
    const outcome = await registry.lease({ requestId: `fuzz-lease-${++round}`, voice: VOICE, ttlMs: TTL_MS });
    if (outcome.type === "granted") await registry.release(outcome.lease);
    for (const entry of (await registry.foreignEntries?.()) ?? []) readForeignRecord(entry);
    const name = mutator.pick(names);
    await refusable(registry.lease({ requestId: name, voice: VOICE, ttlMs: TTL_MS }));
    await refusable(registry.beat({ name, generation: 1 }, { ttlMs: TTL_MS, stats: { inUse: 0, queueMs: 0 } }));
    await refusable(registry.setDesiredState(name, "draining"));
    await refusable(register(name));
  };

  return {
    name: "registry",
    async knock(messageCount) {
      for (let left = messageCount; left > 0; left -= RECORDS_PER_ROUND) {
        const names = Array.from({ length: Math.min(left, RECORDS_PER_ROUND) }, (_, index) => `fuzz-${index}`);
        await Promise.all([SOUND, ...names].map(register));
        for (const name of names) await damage(name);
        await inTime("the registry", readAll(names));
        await clean(names);
      }
    },
    async check() {
      const registration = await register(SOUND);
      await inTime("the list", registry.list());
      if (registration !== undefined) await registry.unregister(registration);
    },
    async close() {
      await clean([SOUND]);
      client.disconnect();
    },
  };
}

async function refusable(work: Promise<unknown>): Promise<void> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof AppError)) throw error;
  }
}
