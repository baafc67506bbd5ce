import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { checkRedis, createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { fetchRedisServer } from "#adapters/redis-server/fetch-redis-server";
import { findRedisServer, USUAL_SERVER_FOLDERS } from "#adapters/redis-server/find-redis-server";
import { startPrivateRedis } from "#adapters/redis-server/private-redis";
import { probeLocalRedis } from "#adapters/redis-server/probe-local-redis";
import { type CommandRunner, runCommand } from "#adapters/redis-server/run-command";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { silentLogger } from "#core/ports/logger";
import { findFreePort, startTestRedis } from "#testing/test-redis";
import { testWorkerInfo } from "#testing/worker-registry.contract";
import {
  resolveRegistrySource,
  type RegistrySource,
  type RegistrySourceDeps,
  type RegistrySourceSettings,
} from "./registry-source";

const deps = { clock: systemClock, ids: systemIds, log: silentLogger };

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), "parley-source-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const fetchWith = (run: CommandRunner) =>
  fetchRedisServer({ cacheDir: path.join(folder, "cache"), run, log: silentLogger, isRoot: false });
const realDeps = (): RegistrySourceDeps => ({
  log: silentLogger,
  checkRedis: (target) => checkRedis({ ...deps, ...target }),
  readPasswordFile: (file) => readFile(file, "utf8"),
  probeLocalRedis: () => probeLocalRedis(),
  findRedisServer: () => findRedisServer({ run: runCommand, folders: USUAL_SERVER_FOLDERS }),
  fetchRedisServer: () => fetchWith(runCommand),
  startPrivateRedis: (binary) => startPrivateRedis({ ...deps, binary, runtimeDir: path.join(folder, "run") }),
});
const open = async (source: RegistrySource) =>
  source.type === "in-process"
    ? createMemoryRegistry({ ...deps, origin: source.origin })
    : createRedisRegistry({ ...deps, ...source });
/** Resolves, registers a worker there, and stops; answers the origin. */
const use = async (settings: RegistrySourceSettings, changes: Partial<RegistrySourceDeps> = {}) => {
  const source = await resolveRegistrySource({ ...realDeps(), ...changes }, settings);
  const registry = await open(source);
  const outcome = await registry.register({ info: testWorkerInfo("a"), nonce: "n", capacity: 1, ttlMs: 5_000 });
  expect(outcome.type).toBe("registered");
  expect(registry.origin).toEqual(source.origin);
  await registry.close();
  await source.stop();
  return source.origin;
};

describe("[RG40] where Redis comes from, for real", () => {
  it("REDIS_URL with a password file", async () => {
    const server = await startTestRedis({ config: ["requirepass in-the-file"] });
    const passwordFile = path.join(folder, "password");
    await writeFile(passwordFile, "in-the-file\n");
    const origin = await use({ redisUrl: server.url, passwordFile });
    expect(origin).toEqual({ source: "url", address: `127.0.0.1:${server.port}`, banner: undefined });
    await server.stop();
  });

  it("a wrong REDIS_URL fails the start with its code, though a private server could be had", async () => {
    const redisUrl = `redis://127.0.0.1:${await findFreePort()}`;
    await expect(use({ redisUrl })).rejects.toMatchObject({ code: "redis-unreachable" });
    await expect(use({ redisUrl: "localhost:6379" })).rejects.toMatchObject({ code: "bad-config" });
    await expect(use({ configuredUrl: redisUrl })).rejects.toMatchObject({ code: "redis-unreachable" });
  });

  it("nothing given: a private server", async () => {
    expect(await use({})).toMatchObject({ source: "private", banner: undefined });
  });

  it("[RG44] no redis-server and apt failing: this process, with the banner", async () => {
    const origin = await use(
      {},
      {
        findRedisServer: () => findRedisServer({ run: runCommand, folders: [] }),
        fetchRedisServer: () => fetchWith(([, ...args], options) => runCommand(["/no/such/program", ...args], options)),
      },
    );
    expect(origin).toMatchObject({
      source: "in-process",
      banner: expect.stringContaining("Workers on other machines cannot join"),
    });
  });
});
