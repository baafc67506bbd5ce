import { describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors";
import { silentLogger } from "#core/ports/logger";
import type { PrivateRedis, RedisBinary } from "#core/ports/redis-server";
import { resolveRegistrySource, type RegistrySourceDeps } from "./registry-source";

const installed: RedisBinary = { path: "/installed/redis-server", env: {}, label: "Redis 7.0.15" };
const fetched: RedisBinary = { ...installed, path: "/fetched/redis-server" };

/** A computer with nothing but what a test puts on it; `calls` is what was tried. */
function createDeps(changes: Partial<RegistrySourceDeps> = {}) {
  const calls: string[] = [];
  const note = <T>(call: string, value: T): T => {
    calls.push(call);
    return value;
  };
  const deps: RegistrySourceDeps = {
    checkRedis: ({ url, password }) => note(`check ${url} ${password ?? "-"}`, Promise.resolve()),
    readPasswordFile: () => Promise.resolve("from-file\n"),
    probeLocalRedis: () => note("probe", Promise.resolve({ type: "none", reason: "nothing there" })),
    findRedisServer: () => note("find", Promise.resolve(undefined)),
    fetchRedisServer: () => note("fetch", Promise.reject(new AppError("redis-not-available"))),
    startPrivateRedis: (binary) => note(`start ${binary.path}`, Promise.resolve(createServer(calls))),
    log: silentLogger,
    ...changes,
  };
  return { deps, calls };
}

function createServer(calls: string[]): PrivateRedis {
  const stop = async (): Promise<void> => void calls.push("stop");
  return { url: "redis://127.0.0.1:4000", address: "127.0.0.1:4000", password: "random", pid: () => 1, stop };
}

describe("[RG40] where Redis comes from", () => {
  it("REDIS_URL is first", async () => {
    const { deps, calls } = createDeps();
    const source = await resolveRegistrySource(deps, {
      redisUrl: "redis://lan:6380",
      configuredUrl: "redis://other",
      allowLocal: true,
    });
    expect(source).toMatchObject({
      type: "redis",
      url: "redis://lan:6380",
      origin: { source: "url", address: "lan:6380", banner: undefined },
    });
    expect(calls).toEqual(["check redis://lan:6380 -"]);
  });

  it("the configured URL is second; an empty REDIS_URL is none", async () => {
    const { deps } = createDeps();
    const source = await resolveRegistrySource(deps, { redisUrl: "", configuredUrl: "redis://conf", allowLocal: true });
    expect(source.origin).toEqual({ source: "config", address: "conf:6379", banner: undefined });
  });

  it.each([
    ["a given", { redisUrl: "redis://lan" }],
    ["a local", { allowLocal: true }],
    ["a private", {}],
  ])("%s Redis has the configured time", async (_which, settings) => {
    const timeouts = { commandMs: 5_000, connectMs: 3_000 };
    const { deps } = createDeps({
      findRedisServer: () => Promise.resolve(installed),
      probeLocalRedis: () => Promise.resolve({ type: "found", url: "redis://127.0.0.1:6379" }),
    });
    expect(await resolveRegistrySource(deps, { ...settings, timeouts })).toMatchObject({ type: "redis", timeouts });
  });

  it("a given URL that cannot be used fails and nothing else is tried", async () => {
    for (const settings of [{ redisUrl: "redis://lan" }, { configuredUrl: "redis://lan" }]) {
      const { deps, calls } = createDeps({ checkRedis: () => Promise.reject(new AppError("redis-unreachable")) });
      await expect(resolveRegistrySource(deps, { ...settings, allowLocal: true })).rejects.toMatchObject({
        code: "redis-unreachable",
      });
      expect(calls).toEqual([]);
    }
  });

  it("the password leaves the URL, and the one from the file wins", async () => {
    const inUrl = await resolveRegistrySource(createDeps().deps, { redisUrl: "redis://user:p%40ss@lan:6380/2" });
    expect(inUrl).toMatchObject({ url: "redis://user@lan:6380/2", password: "p@ss" });
    const percent = await resolveRegistrySource(createDeps().deps, { redisUrl: "redis://:100%@lan" });
    expect(percent).toMatchObject({ url: "redis://lan", password: "100%" });
    const inFile = await resolveRegistrySource(createDeps().deps, {
      redisUrl: "redis://:in-url@lan",
      passwordFile: "/run/secret",
    });
    expect(inFile).toMatchObject({ url: "redis://lan", password: "from-file" });
    expect(JSON.stringify([inUrl.origin, inFile.origin])).not.toMatch(/p@ss|p%40ss|in-url|from-file/);
  });

  it("an unreadable password file fails", async () => {
    const { deps } = createDeps({ readPasswordFile: () => Promise.reject(new Error("ENOENT")) });
    await expect(resolveRegistrySource(deps, { redisUrl: "redis://lan", passwordFile: "/gone" })).rejects.toMatchObject(
      { code: "file-unreadable" },
    );
  });

  it("a local server is asked only when allowed", async () => {
    const local = { probeLocalRedis: () => Promise.resolve({ type: "found" as const, url: "redis://127.0.0.1:6379" }) };
    const allowed = await resolveRegistrySource(createDeps(local).deps, { allowLocal: true });
    expect(allowed.origin).toMatchObject({ source: "local", address: "127.0.0.1:6379" });
    const { deps, calls } = createDeps({ findRedisServer: () => Promise.resolve(installed) });
    await resolveRegistrySource(deps, {});
    expect(calls).not.toContain("probe");
  });

  it("an unsuitable local server is passed over", async () => {
    const { deps } = createDeps({
      probeLocalRedis: () => Promise.resolve({ type: "found", url: "redis://127.0.0.1:6379" }),
      checkRedis: () => Promise.reject(new AppError("redis-unsuitable")),
      findRedisServer: () => Promise.resolve(installed),
    });
    expect((await resolveRegistrySource(deps, { allowLocal: true })).origin.source).toBe("private");
  });

  it("an installed server is started as a private one, and stopped with the source", async () => {
    const { deps, calls } = createDeps({ findRedisServer: () => Promise.resolve(installed) });
    const source = await resolveRegistrySource(deps, {});
    expect(source).toMatchObject({
      type: "redis",
      url: "redis://127.0.0.1:4000",
      password: "random",
      origin: { source: "private", banner: undefined },
    });
    await source.stop();
    expect(calls).toEqual(["start /installed/redis-server", "stop"]);
  });

  it("without an installed server one is fetched", async () => {
    const { deps, calls } = createDeps({ fetchRedisServer: () => Promise.resolve(fetched) });
    await resolveRegistrySource(deps, {});
    expect(calls).toEqual(["find", "start /fetched/redis-server"]);
  });

  it("[RG44] no server and no way to fetch one: in-process, with the banner", async () => {
    const source = await resolveRegistrySource(createDeps().deps, {});
    expect(source).toMatchObject({ type: "in-process", origin: { source: "in-process" } });
    expect(source.origin.banner).toContain("Workers on other machines cannot join");
  });

  it("[RG44] a private server that does not start: in-process, with the banner", async () => {
    const { deps } = createDeps({
      findRedisServer: () => Promise.resolve(installed),
      startPrivateRedis: () => Promise.reject(new AppError("child-failed")),
    });
    const source = await resolveRegistrySource(deps, {});
    expect(source.origin.banner).toContain("Workers on other machines cannot join");
    expect(source).toMatchObject({ failure: { code: "child-failed" } });
  });

  it("nothing is started or fetched where that is not allowed", async () => {
    const { deps, calls } = createDeps();
    expect((await resolveRegistrySource(deps, { allowPrivate: false })).type).toBe("in-process");
    expect((await resolveRegistrySource(deps, { allowFetch: false })).type).toBe("in-process");
    expect(calls).toEqual(["find"]);
  });
});
