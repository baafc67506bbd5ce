import { AppError, hasCode, toWireError } from "#contracts/errors";
import type { RedisTimeouts } from "#contracts/registry/redis-timeouts";
import type { Logger } from "#core/ports/logger";
import type { PrivateRedis, RedisBinary } from "#core/ports/redis-server";
import type { RegistryOrigin } from "#core/ports/worker-registry";

/** What the environment and the configuration say. */
export interface RegistrySourceSettings {
  /** REDIS_URL. */
  redisUrl?: string;
  /** What the person has chosen; with an empty URL the configured one is not used either. */
  chosen?: { url: string; password?: string; caFile?: string };
  /** `redis.url` of the configuration. */
  configuredUrl?: string;
  /** Authority of the server's certificate, for REDIS_URL and the configured URL. */
  caFile?: string;
  /** REDIS_PASSWORD_FILE: goes with either URL and wins over a password in it. */
  passwordFile?: string;
  /** For whatever Redis it is. */
  timeouts?: RedisTimeouts;
  /** Use a server without a password on 127.0.0.1:6379. Default false: it may belong to something else. */
  allowLocal?: boolean;
  /** Start a private server. Default true. */
  allowPrivate?: boolean;
  /** Fetch a redis-server for it when none is installed. Default true. */
  allowFetch?: boolean;
}

export interface RegistrySourceDeps {
  /** Rejects with a `redis-*` code when the server cannot be used. */
  checkRedis(target: RedisTarget): Promise<void>;
  readPasswordFile(path: string): Promise<string>;
  probeLocalRedis(): Promise<{ type: "found"; url: string } | { type: "none"; reason: string }>;
  findRedisServer(): Promise<RedisBinary | undefined>;
  fetchRedisServer(): Promise<RedisBinary>;
  startPrivateRedis(binary: RedisBinary): Promise<PrivateRedis>;
  log: Logger;
}

export interface RedisTarget {
  /** Without a password. */
  url: string;
  password: string | undefined;
  /** File that `password` was read from; read anew when the server refuses it. */
  passwordFile?: string;
  caFile?: string;
  timeouts?: RedisTimeouts;
}

/** Where the registry is, for all processes of this app. `password` goes to children by environment, never by argument. */
export type RegistrySource =
  | (RedisTarget & { type: "redis"; origin: RegistryOrigin; stop(): Promise<void> })
  | {
      type: "in-process";
      origin: RegistryOrigin;
      /** Why there is no private server; undefined: none was to be started. */
      failure?: AppError | undefined;
      stop(): Promise<void>;
    };

const nothingToStop = (): Promise<void> => Promise.resolve();

/**
 * REDIS_URL, the chosen URL, the configured URL, a local server if allowed, a private one, this process: the first that is there.
 * A URL that was given fails the start when it cannot be used (`redis-*`, `bad-config`, `file-unreadable`), as workers would
 * otherwise register where nobody looks; everything after it falls through.
 */
export async function resolveRegistrySource(
  deps: RegistrySourceDeps,
  settings: RegistrySourceSettings,
): Promise<RegistrySource> {
  const source =
    (await fromGivenUrl(deps, settings)) ?? (await fromLocal(deps, settings)) ?? (await fromPrivate(deps, settings));
  const { origin } = source;
  deps.log.info("registry chosen", { source: origin.source, address: origin.address, banner: origin.banner });
  return source;
}

async function fromGivenUrl(
  deps: RegistrySourceDeps,
  settings: RegistrySourceSettings,
): Promise<RegistrySource | undefined> {
  const given = await findGivenRedis(deps, settings);
  if (given === undefined) return undefined;
  const { target, source } = given;
  await deps.checkRedis(target);
  const origin: RegistryOrigin = { source, address: shownAddress(target.url), banner: undefined };
  return { type: "redis", ...target, origin, stop: nothingToStop };
}

/** The Redis that environment, person or configuration name, not yet asked. Rejects with `file-unreadable`. */
export async function findGivenRedis(
  deps: Pick<RegistrySourceDeps, "readPasswordFile">,
  settings: RegistrySourceSettings,
): Promise<{ target: RedisTarget; source: "url" | "settings" | "config" } | undefined> {
  const given = givenUrl(settings);
  if (given === undefined) return undefined;
  const passwordFile = given.source === "settings" ? undefined : settings.passwordFile;
  const target = {
    ...splitUrl(given.url, await givenPassword(deps, settings, given)),
    ...(given.caFile === undefined ? {} : { caFile: given.caFile }),
    ...timeoutsOf(settings),
    ...(passwordFile === undefined ? {} : { passwordFile }),
  };
  return { target, source: given.source };
}

function timeoutsOf({ timeouts }: RegistrySourceSettings): { timeouts?: RedisTimeouts } {
  return timeouts === undefined ? {} : { timeouts };
}

interface GivenUrl {
  url: string;
  caFile: string | undefined;
  source: "url" | "settings" | "config";
}

function givenUrl({ redisUrl = "", chosen, configuredUrl = "", caFile }: RegistrySourceSettings): GivenUrl | undefined {
  if (redisUrl !== "") return { url: redisUrl, caFile, source: "url" };
  if (chosen !== undefined)
    return chosen.url === "" ? undefined : { url: chosen.url, caFile: chosen.caFile, source: "settings" };
  return configuredUrl === "" ? undefined : { url: configuredUrl, caFile, source: "config" };
}

/** The password file belongs to the server that the environment or the configuration names, and goes to no other. */
async function givenPassword(
  deps: Pick<RegistrySourceDeps, "readPasswordFile">,
  { chosen, passwordFile }: RegistrySourceSettings,
  { source }: GivenUrl,
): Promise<string | undefined> {
  if (source === "settings") return chosen?.password;
  return passwordFile === undefined ? undefined : readPassword(deps, passwordFile);
}

async function readPassword(deps: Pick<RegistrySourceDeps, "readPasswordFile">, file: string): Promise<string> {
  try {
    // Editors end a file with a line break.
    return (await deps.readPasswordFile(file)).replace(/\r?\n$/, "");
  } catch (error) {
    throw new AppError("file-unreadable", { detail: `REDIS_PASSWORD_FILE ${file}`, cause: error });
  }
}

const AUTHORITY = /^(?<scheme>rediss?(?:\+\w+)?:\/\/)(?:(?<user>[^:@/]*)(?::(?<password>[^@]*))?@)?(?<rest>.*)$/;

/** Takes the password out of the URL, so that the URL can be shown and passed around. */
function splitUrl(url: string, filePassword: string | undefined): { url: string; password: string | undefined } {
  const parts = AUTHORITY.exec(url)?.groups;
  if (parts === undefined) return { url, password: filePassword };
  const { scheme = "", user = "", password = "", rest = "" } = parts;
  return {
    url: `${scheme}${user === "" ? "" : `${user}@`}${rest}`,
    password: filePassword ?? (password === "" ? undefined : decodePassword(password)),
  };
}

/** A bare % is no escape; then the text is meant as it stands. */
function decodePassword(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}

function shownAddress(url: string): string {
  const hosts = AUTHORITY.exec(url)?.groups?.["rest"] ?? url;
  if (/^rediss?:/.test(url)) {
    const { hostname, port } = new URL(url);
    return `${hostname}:${port === "" ? "6379" : port}`;
  }
  return hosts.replaceAll(",", ", ");
}

async function fromLocal(
  deps: RegistrySourceDeps,
  settings: RegistrySourceSettings,
): Promise<RegistrySource | undefined> {
  if (settings.allowLocal !== true) return undefined;
  const local = await deps.probeLocalRedis();
  if (local.type === "none") {
    deps.log.info("no local redis to use", { reason: local.reason });
    return undefined;
  }
  const target = { url: local.url, password: undefined, ...timeoutsOf(settings) };
  try {
    await deps.checkRedis(target);
  } catch (error) {
    deps.log.warn("the local redis cannot be used", { error: toWireError(error) });
    return undefined;
  }
  const origin: RegistryOrigin = { source: "local", address: shownAddress(local.url), banner: undefined };
  return { type: "redis", ...target, origin, stop: nothingToStop };
}

async function fromPrivate(deps: RegistrySourceDeps, settings: RegistrySourceSettings): Promise<RegistrySource> {
  if (settings.allowPrivate === false) return inProcess("no Redis is configured", undefined);
  try {
    const binary = await getBinary(deps, settings);
    const server = await deps.startPrivateRedis(binary);
    const origin: RegistryOrigin = { source: "private", address: server.address, banner: undefined };
    const target = { url: server.url, password: server.password, ...timeoutsOf(settings) };
    return { type: "redis", ...target, origin, stop: () => server.stop() };
  } catch (error) {
    const failure = error instanceof AppError ? error : new AppError("internal", { cause: error });
    deps.log.warn("no private redis", { code: failure.code, reason: failure.message });
    return inProcess(
      hasCode(error, "redis-not-available")
        ? "there is no redis-server on this computer"
        : "the private redis-server did not start",
      failure,
    );
  }
}

async function getBinary(deps: RegistrySourceDeps, settings: RegistrySourceSettings): Promise<RedisBinary> {
  const found = await deps.findRedisServer();
  if (found !== undefined) return found;
  if (settings.allowFetch === false) throw new AppError("redis-not-available");
  return deps.fetchRedisServer();
}

function inProcess(reason: string, failure: AppError | undefined): RegistrySource {
  const banner = `Workers on other machines cannot join: ${reason}. Set REDIS_URL to use one.`;
  const origin: RegistryOrigin = { source: "in-process", address: "this process", banner };
  return { type: "in-process", origin, failure, stop: nothingToStop };
}
