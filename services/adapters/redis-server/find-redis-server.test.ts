import { chmod, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors";
import { silentLogger } from "#core/ports/logger";
import { fetchRedisServer } from "./fetch-redis-server";
import { findRedisServer } from "./find-redis-server";
import type { CommandResult, CommandRunner } from "./run-command";

const failed: CommandResult = { exitCode: 1, stdout: "", stderr: "it failed" };
const says = (stdout: string): CommandResult => ({ exitCode: 0, stdout, stderr: "" });

let folder: string;
beforeEach(async () => void (folder = await mkdtemp(path.join(tmpdir(), "parley-find-"))));
afterEach(() => rm(folder, { recursive: true, force: true }));

const place = async (name: string): Promise<string> => {
  const file = path.join(folder, name);
  await writeFile(file, "");
  await chmod(file, 0o755);
  return file;
};

describe("finding a server", () => {
  it.each([
    ["Redis server v=7.0.15 sha=00000000:0 malloc=jemalloc-5.3.0 bits=64", "Redis 7.0.15"],
    ["Redis server v=6.2.0 sha=0", "Redis 6.2.0"],
    ["Valkey server v=8.0.1 sha=0", "Valkey 8.0.1"],
  ])("%s is used", async (stdout, label) => {
    const file = await place("redis-server");
    const run: CommandRunner = () => Promise.resolve(says(stdout));
    expect(await findRedisServer({ run, folders: [folder] })).toEqual({ path: file, env: {}, label });
  });

  it.each(["Redis server v=6.0.16 sha=0", "Redis server v=5.0.14", "something else", ""])(
    "%j is passed over",
    async (stdout) => {
      await place("redis-server");
      const run: CommandRunner = () => Promise.resolve(says(stdout));
      expect(await findRedisServer({ run, folders: [folder] })).toBeUndefined();
    },
  );

  it("one that does not run here is passed over for the next", async () => {
    const [, redis] = [await place("valkey-server"), await place("redis-server")];
    const run: CommandRunner = ([program]) =>
      Promise.resolve(program === redis ? says("Redis server v=7.2.1") : failed);
    expect(await findRedisServer({ run, folders: ["", "/no/such/folder", folder] })).toMatchObject({ path: redis });
  });

  it("the bundled one is first", async () => {
    await place("redis-server");
    const bundledPath = await place("bundled");
    const run: CommandRunner = () => Promise.resolve(says("Valkey server v=8.0.1"));
    expect(await findRedisServer({ run, folders: [folder], bundledPath })).toMatchObject({ path: bundledPath });
  });
});

describe("[RG44] fetching a server", () => {
  const fetch = (run: CommandRunner, isRoot = false) =>
    fetchRedisServer({ cacheDir: path.join(folder, "cache"), run, log: silentLogger, isRoot });
  const failure = async (run: CommandRunner, isRoot = false): Promise<AppError> => {
    try {
      await fetch(run, isRoot);
    } catch (error) {
      if (error instanceof AppError) return error;
    }
    return expect.fail("expected an AppError");
  };

  it("without apt it is redis-not-available, with apt's reason", async () => {
    const error = await failure(() => Promise.resolve({ exitCode: null, stdout: "", stderr: "spawn apt-get ENOENT" }));
    expect(error.code).toBe("redis-not-available");
    expect(error.message).toContain("spawn apt-get ENOENT");
  });

  it("without root the package lists are not refreshed", async () => {
    const commands: string[] = [];
    const run: CommandRunner = (command) => {
      commands.push(command.join(" "));
      return Promise.resolve(failed);
    };
    await failure(run);
    expect(commands.some((command) => command.includes("apt-get update"))).toBe(false);
    commands.length = 0;
    await failure(run, true);
    expect(commands.some((command) => command.includes("apt-get update"))).toBe(true);
  });

  it("a package without a server is redis-not-available, and nothing is left in the cache", async () => {
    const error = await failure(() => Promise.resolve(says("")));
    expect(error.code).toBe("redis-not-available");
    expect(await readdir(path.join(folder, "cache"))).toEqual([]);
  });

  it("the C library is never fetched, other libraries that apt names are", async () => {
    let download: readonly string[] = [];
    await failure((command) => {
      if (command[0] === "apt-get") download = command;
      const isQuestion = command.includes("apt-cache");
      const depends =
        "redis-tools\n  Depends: adduser\n  Depends: libc6\n |Depends: libssl3\n  Depends: <libvirtual>\n  Depends: liblzf1\n";
      return Promise.resolve(isQuestion ? says(depends) : failed);
    });
    expect(download.slice(download.indexOf("redis-tools"))).toEqual(["redis-tools", "libssl3", "liblzf1"]);
  });

  it("a cache folder that cannot be made is redis-not-available", async () => {
    const cacheDir = path.join(await place("a-file"), "cache");
    await expect(
      fetchRedisServer({ cacheDir, run: () => Promise.resolve(failed), log: silentLogger, isRoot: false }),
    ).rejects.toMatchObject({
      code: "redis-not-available",
    });
  });
});
