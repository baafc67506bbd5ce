import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { chmod, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createDeferred } from "#core/lifecycle/deferred";
import { silentLogger } from "#core/ports/logger";
import type { PrivateRedis, RedisBinary } from "#core/ports/redis-server";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { createRedisRegistry } from "#adapters/redis-registry/redis-registry";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { startTestRedis } from "#testing/test-redis";
import { testWorkerInfo } from "#testing/worker-registry.contract";
import { fetchRedisServer } from "./fetch-redis-server";
import { findRedisServer, USUAL_SERVER_FOLDERS } from "./find-redis-server";
import { startPrivateRedis } from "./private-redis";
import { probeLocalRedis } from "./probe-local-redis";
import { startRedisChild } from "./redis-child";
import { runCommand } from "./run-command";
import { writeLock } from "./server-lock";

const deps = { clock: systemClock, ids: systemIds, log: silentLogger };
const STATS = { inUse: 0, queueMs: 0 };

let binary: RedisBinary;
let runtimeDir: string;
const running: { stop(): Promise<unknown> }[] = [];
const keep = <T extends { stop(): Promise<unknown> }>(item: T): T => {
  running.push(item);
  return item;
};

beforeAll(async () => {
  const found = await findRedisServer({ run: runCommand, folders: USUAL_SERVER_FOLDERS });
  if (found === undefined) throw new Error("these tests need a redis-server (apt-get install redis-server)");
  binary = found;
});
beforeEach(async () => void (runtimeDir = await mkdtemp(path.join(tmpdir(), "parley-redis-"))));
afterEach(async () => {
  for (const item of running.splice(0).toReversed()) await item.stop();
  await rm(runtimeDir, { recursive: true, force: true });
});

const start = async (): Promise<PrivateRedis> => keep(await startPrivateRedis({ ...deps, binary, runtimeDir }));
const connect = async (server: PrivateRedis): Promise<WorkerRegistry> => {
  const origin = { source: "private", address: server.address, banner: undefined } as const;
  const registry = await createRedisRegistry({ ...deps, url: server.url, password: server.password, origin });
  keep({ stop: () => registry.close() });
  return registry;
};
const isAlive = (pid: number): boolean => {
  // A killed child that nobody has waited for yet still has an entry.
  const status = existsSync(`/proc/${pid}/stat`) ? readFileSync(`/proc/${pid}/stat`, "utf8") : "";
  return status !== "" && !status.includes(") Z ");
};
const untilGone = (pid: number) => expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
const register = (registry: WorkerRegistry) =>
  registry.register({ info: testWorkerInfo("a"), nonce: "n", capacity: 2, ttlMs: 6_000 });

describe("private redis", () => {
  it("[RG41] holds a registry behind a password, on this computer only, with nothing on disk", async () => {
    const server = await start();
    const registry = await connect(server);
    expect(await register(registry)).toMatchObject({ type: "registered" });
    expect(server.password.length).toBeGreaterThanOrEqual(48);
    const client = new Redis(server.url, { password: server.password });
    const settings = await Promise.all(["bind", "save", "appendonly"].map(async (name) => client.config("GET", name)));
    client.disconnect();
    expect(settings).toEqual(
      [{ bind: "127.0.0.1" }, { save: "" }, { appendonly: "no" }].map((entry) => Object.entries(entry)[0]),
    );
    await expect(createRedisRegistry({ ...deps, url: server.url, origin: registry.origin })).rejects.toMatchObject({
      code: "redis-auth-required",
    });
    expect((await readdir(runtimeDir)).filter((name) => !name.endsWith(".lock"))).toEqual([]);
  });

  it("[RG41] the password is in no process list, and its lock file is for the owner alone", async () => {
    const server = await start();
    const commandLine =
      readFileSync(`/proc/${server.pid()}/cmdline`, "utf8") + readFileSync(`/proc/${server.pid()}/environ`, "utf8");
    expect(commandLine).not.toContain(server.password);
    const [lock = ""] = await readdir(runtimeDir);
    expect((await stat(path.join(runtimeDir, lock))).mode & 0o777).toBe(0o600);
  });

  it("[RG41] a port on which another server answers does not count as started", async () => {
    const other = keep(await startTestRedis());
    const child = startRedisChild({ ...deps, binary, runtimeDir, port: other.port, password: "secret" });
    await expect(child).rejects.toMatchObject({ code: "child-failed" });
    const sameSecret = keep(await startTestRedis({ config: ["requirepass secret"] }));
    await expect(
      startRedisChild({ ...deps, binary, runtimeDir, port: sameSecret.port, password: "secret" }),
    ).rejects.toMatchObject({ code: "child-failed" });
  });

  it("[RG41] a program that is no server is child-failed, with what it said", async () => {
    const file = path.join(runtimeDir, "broken");
    await writeFile(file, "#!/bin/sh\necho cannot go on; exit 1\n");
    await chmod(file, 0o755);
    const failing = startPrivateRedis({ ...deps, runtimeDir, binary: { path: file, env: {}, label: "Broken 1" } });
    await expect(failing).rejects.toMatchObject({
      code: "child-failed",
      message: expect.stringContaining("cannot go on"),
    });
    await expect(
      startPrivateRedis({ ...deps, runtimeDir, binary: { ...binary, path: "/no/such/file" } }),
    ).rejects.toMatchObject({ code: "child-failed" });
  });

  it("[RG42] [RG22] killed, it is back at the same address, and the worker registers again from unknown", async () => {
    const server = await start();
    const registry = await connect(server);
    const first = await register(registry);
    if (first.type !== "registered") return expect.fail("not registered");
    const { url, password } = server;
    const firstPid = server.pid();
    process.kill(firstPid ?? 0, "SIGKILL");
    const beat = () => registry.beat(first.registration, { ttlMs: 6_000, stats: STATS }).catch(() => undefined);
    await expect.poll(async () => (await beat())?.type, { timeout: 10_000, interval: 20 }).toBe("unknown");
    const second = await register(registry);
    expect(second.type === "registered" && second.registration.generation > first.registration.generation).toBe(true);
    expect(await registry.lease({ requestId: "r", voice: "tone", ttlMs: 6_000 })).toMatchObject({ type: "granted" });
    expect({ url: server.url, password: server.password }).toEqual({ url, password });
    await expect.poll(() => server.pid()).toBeDefined();
    expect(server.pid()).not.toBe(firstPid);
  });

  it("[RG42] killed again and again, it comes back each time", async () => {
    const server = await start();
    for (let round = 0; round < 4; round += 1) {
      const pid = server.pid() ?? 0;
      process.kill(pid, "SIGKILL");
      await expect.poll(() => server.pid() !== undefined && server.pid() !== pid, { timeout: 10_000 }).toBe(true);
    }
    expect(await (await connect(server)).list()).toEqual([]);
  });

  it("stop ends the process and leaves nothing", async () => {
    const server = await start();
    const pid = server.pid() ?? 0;
    await server.stop();
    expect(isAlive(pid)).toBe(false);
    expect(await readdir(runtimeDir)).toEqual([]);
  });

  it("stop ends a frozen server too", async () => {
    const server = await start();
    const pid = server.pid() ?? 0;
    process.kill(pid, "SIGSTOP");
    await server.stop();
    expect(isAlive(pid)).toBe(false);
  });

  it("stop right after a crash leaves no server behind", async () => {
    const stopped = createDeferred<void>();
    const log = { ...silentLogger, warn: () => void server.stop().then(stopped.resolve, stopped.reject) };
    const server = keep(await startPrivateRedis({ ...deps, log, binary, runtimeDir }));
    process.kill(server.pid() ?? 0, "SIGKILL");
    await stopped.promise;
    expect(server.pid()).toBeUndefined();
    expect(await readdir(runtimeDir)).toEqual([]);
  });

  it("stop while the server is being started again leaves none behind", async () => {
    const starts = path.join(runtimeDir, "starts");
    const slow = path.join(runtimeDir, "slow-server");
    await writeFile(slow, `#!/bin/sh\necho $$ >> ${starts}; sleep 0.2; exec ${binary.path} "$@"\n`);
    await chmod(slow, 0o755);
    const server = keep(
      await startPrivateRedis({
        ...deps,
        runtimeDir,
        binary: { ...binary, path: slow, env: { PATH: "/usr/bin:/bin" } },
      }),
    );
    const pids = (): number[] => readFileSync(starts, "utf8").trim().split("\n").map(Number);
    process.kill(server.pid() ?? 0, "SIGKILL");
    await expect.poll(() => pids().length, { timeout: 5_000 }).toBe(2);
    await server.stop();
    expect(pids().filter(isAlive)).toEqual([]);
  });
});

describe("[RG43] a server whose owner died", () => {
  /** A server as an app that died would leave it: running, with its lock. */
  const leaveBehind = async (owner: { pid: number; startedAtMs: number }) => {
    const orphan = await startTestRedis({ config: ["requirepass secret"] });
    keep(orphan);
    const client = new Redis(orphan.url, { password: "secret" });
    const runId = /run_id:(\w+)/.exec(await client.info("server"))?.[1] ?? "";
    client.disconnect();
    await writeLock(path.join(runtimeDir, "private-redis-earlier.lock"), {
      owner,
      port: orphan.port,
      password: "secret",
      runId,
    });
    return { pid: orphan.process.pid ?? 0, port: orphan.port, runId };
  };
  const deadPid = async (): Promise<number> => {
    const child: ChildProcess = spawn("true");
    await once(child, "exit");
    return child.pid ?? 0;
  };

  it("is ended by the next start, its lock removed", async () => {
    const orphan = await leaveBehind({ pid: await deadPid(), startedAtMs: 1 });
    await start();
    await untilGone(orphan.pid);
    expect(await readdir(runtimeDir)).toHaveLength(1);
  });

  it("is ended also when the dead owner's process id is now ours", async () => {
    const orphan = await leaveBehind({ pid: process.pid, startedAtMs: 1 });
    await start();
    await untilGone(orphan.pid);
  });

  it("stays while its owner lives: two apps run side by side", async () => {
    const first = await start();
    const second = await start();
    expect(await (await connect(first)).list()).toEqual([]);
    expect(await (await connect(second)).list()).toEqual([]);
    expect(first.address).not.toBe(second.address);
  });

  it("is left alone when another server has its port now", async () => {
    const other = keep(await startTestRedis({ config: ["requirepass secret"] }));
    const lock = {
      owner: { pid: await deadPid(), startedAtMs: 1 },
      port: other.port,
      password: "secret",
      runId: "another-run",
    };
    await writeLock(path.join(runtimeDir, "private-redis-earlier.lock"), lock);
    await start();
    expect(isAlive(other.process.pid ?? 0)).toBe(true);
    expect(await readdir(runtimeDir)).toHaveLength(1);
  });

  it("a damaged lock file is removed and stops nobody from starting", async () => {
    await writeFile(path.join(runtimeDir, "private-redis-earlier.lock"), "{");
    const server = await start();
    expect(server.pid()).toBeDefined();
    expect(await readdir(runtimeDir)).toHaveLength(1);
  });
});

describe("fetching a redis-server", () => {
  it("[RG44] the fetched server really runs, and the next start takes it from the cache", async (context) => {
    const hasLists = (await runCommand(["apt-cache", "show", "redis-tools"], { timeoutMs: 10_000 })).exitCode === 0;
    if (!hasLists) return context.skip("no apt or no package lists on this computer: run apt-get update as root");
    const cacheDir = path.join(runtimeDir, "cache");
    const options = { cacheDir, run: runCommand, log: silentLogger, isRoot: process.getuid?.() === 0 };
    const fetched = await fetchRedisServer(options);
    expect(fetched.path.startsWith(cacheDir)).toBe(true);
    const server = keep(await startPrivateRedis({ ...deps, binary: fetched, runtimeDir }));
    expect(await register(await connect(server))).toMatchObject({ type: "registered" });
    expect(readFileSync(`/proc/${server.pid()}/maps`, "utf8")).toContain(`${cacheDir}/redis-server/usr/lib`);

    const commands: string[] = [];
    const again = await fetchRedisServer({
      ...options,
      run: (command, runOptions) => (commands.push(command.join(" ")), runCommand(command, runOptions)),
    });
    expect(again).toEqual(fetched);
    expect(commands).toEqual([`${fetched.path} --version`]);
    expect(await readdir(cacheDir)).toEqual(["redis-server"]);
  });
});

describe("a local server", () => {
  it("[RG40] without a password is found", async () => {
    const local = keep(await startTestRedis());
    expect(await probeLocalRedis({ host: "127.0.0.1", port: local.port })).toEqual({ type: "found", url: local.url });
  });

  it("[RG40] with a password, or silent, is none", async () => {
    const locked = keep(await startTestRedis({ config: ["requirepass secret"] }));
    expect(await probeLocalRedis({ host: "127.0.0.1", port: locked.port })).toMatchObject({ type: "none" });
    const silent = createServer((socket) => socket.on("error", () => undefined)).listen(0, "127.0.0.1");
    await once(silent, "listening");
    const address = silent.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    expect(await probeLocalRedis({ host: "127.0.0.1", port })).toMatchObject({ type: "none" });
    silent.close();
  });
});
