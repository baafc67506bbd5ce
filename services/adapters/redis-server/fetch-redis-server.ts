import { access, mkdir, mkdtemp, readdir, rename, rm, symlink } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#contracts/errors";
import type { Logger } from "#core/ports/logger";
import type { RedisBinary } from "#core/ports/redis-server";
import { describeServer } from "./find-redis-server";
import type { CommandResult, CommandRunner } from "./run-command";

export interface FetchRedisServerOptions {
  /** Kept between starts; a server fetched earlier is used as it is. */
  cacheDir: string;
  run: CommandRunner;
  log: Logger;
  /** Root may refresh apt's package lists, and must tell apt not to give up its rights. */
  isRoot: boolean;
}

/** About 1.4 MB to load: a second on a working network. Nobody wants to wait longer for a start than this. */
const DOWNLOAD_TIMEOUT_MS = 30_000;
const UPDATE_TIMEOUT_MS = 60_000;
const LOCAL_TIMEOUT_MS = 10_000;
/** apt's own limits, so that a dead mirror is given up before the time is over. */
const APT_OPTIONS = [
  "-q",
  "-o",
  "Acquire::Retries=0",
  "-o",
  "Acquire::http::Timeout=8",
  "-o",
  "Acquire::https::Timeout=8",
];

/** Holds the server of Debian and Ubuntu, under the name of the check tool that it also is. */
const PACKAGE = "redis-tools";
const CHECK_TOOL = "redis-check-rdb";
/** The C library of this computer must stay the one in use, as the rest of the process needs it. */
const NEVER_FETCHED = new Set(["libc6", "libgcc-s1"]);

/**
 * Loads a redis-server with apt, as packages that are unpacked into the cache folder: nothing is installed and no root is needed
 * where package lists exist. Rejects with `redis-not-available`, saying what failed; never hangs.
 */
export async function fetchRedisServer(options: FetchRedisServerOptions): Promise<RedisBinary> {
  const target = path.join(options.cacheDir, "redis-server");
  const cached = await describeFolder(target, options.run);
  if (cached !== undefined) return cached;
  options.log.info("fetching a redis-server with apt");
  await makeFolder(options.cacheDir);
  const work = await mkdtemp(path.join(options.cacheDir, "fetching-"));
  try {
    const root = await download(work, options);
    const binary = await describeFolder(root, options.run);
    if (binary === undefined) throw notAvailable("the fetched server does not run on this computer");
    return await keep({ root, target, binary }, options);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function download(work: string, options: FetchRedisServerOptions): Promise<string> {
  const { run } = options;
  const sandbox = options.isRoot ? ["-o", "APT::Sandbox::User=root"] : [];
  const aptDownload = async (): Promise<CommandResult> => {
    const libraries = await listLibraries(run);
    return run(["apt-get", "download", ...APT_OPTIONS, ...sandbox, PACKAGE, ...libraries], {
      cwd: work,
      timeoutMs: DOWNLOAD_TIMEOUT_MS,
    });
  };
  let result = await aptDownload();
  if (result.exitCode !== 0 && options.isRoot) {
    const update = await run(["apt-get", "update", ...APT_OPTIONS], { timeoutMs: UPDATE_TIMEOUT_MS });
    if (update.exitCode === 0) result = await aptDownload();
  }
  if (result.exitCode !== 0) throw notAvailable(`apt-get could not load it: ${lastLine(result.stderr)}`);

  const root = path.join(work, "root");
  const packages = (await readdir(work)).filter((name) => name.endsWith(".deb"));
  for (const name of packages) {
    const unpacked = await run(["dpkg", "-x", path.join(work, name), root], { timeoutMs: LOCAL_TIMEOUT_MS });
    if (unpacked.exitCode !== 0) throw notAvailable(`dpkg could not unpack ${name}: ${lastLine(unpacked.stderr)}`);
  }
  const binFolder = path.join(root, "usr/bin");
  if (!(await exists(path.join(binFolder, "redis-server"))) && (await exists(path.join(binFolder, CHECK_TOOL)))) {
    await symlink(CHECK_TOOL, path.join(binFolder, "redis-server"));
  }
  return root;
}

/** The libraries that the package asks for, by apt's own lists; empty where apt does not know the package. */
async function listLibraries(run: CommandRunner): Promise<string[]> {
  // Apt translates its labels.
  const result = await run(["env", "LC_ALL=C", "apt-cache", "depends", PACKAGE], { timeoutMs: LOCAL_TIMEOUT_MS });
  const names = [...result.stdout.matchAll(/^[ |]+(?:Pre)?Depends: (lib[a-z0-9.+-]+)$/gm)].map(
    (match) => match[1] ?? "",
  );
  return names.filter((name) => !NEVER_FETCHED.has(name));
}

async function keep(
  fetched: { root: string; target: string; binary: RedisBinary },
  options: FetchRedisServerOptions,
): Promise<RedisBinary> {
  await rm(fetched.target, { recursive: true, force: true });
  try {
    await rename(fetched.root, fetched.target);
  } catch (error) {
    // Another start of Parley was faster: its copy is as good.
    const theirs = await describeFolder(fetched.target, options.run);
    if (theirs === undefined) throw notAvailable("it could not be kept in the cache folder", error);
    return theirs;
  }
  const binary = await describeFolder(fetched.target, options.run);
  if (binary === undefined) throw notAvailable("the fetched server does not run from the cache folder");
  return binary;
}

async function describeFolder(root: string, run: CommandRunner): Promise<RedisBinary | undefined> {
  const serverPath = path.join(root, "usr/bin/redis-server");
  if (!(await exists(serverPath))) return undefined;
  const folders = await Promise.all(["usr/lib", "lib"].map((folder) => subfolders(path.join(root, folder))));
  const env = { LD_LIBRARY_PATH: folders.flat().join(path.delimiter) };
  const label = await describeServer(serverPath, env, run);
  return label === undefined ? undefined : { path: serverPath, env, label };
}

async function subfolders(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map((entry) => path.join(folder, entry.name));
  } catch {
    return [];
  }
}

async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw notAvailable(`${folder} cannot be written`, error);
  }
}

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}

function lastLine(text: string): string {
  return text.trim().split("\n").at(-1)?.slice(0, 300) ?? "";
}

function notAvailable(detail: string, cause?: unknown): AppError {
  return new AppError("redis-not-available", { detail, cause });
}
