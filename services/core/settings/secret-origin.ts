import { AppError } from "../../contracts/errors";
import type { SecretName, UserSettings } from "../../contracts/settings/user-settings";

/** Where each secret belongs. */
export function secretTargets(settings: UserSettings): Readonly<Record<SecretName, string>> {
  return { brainApiKey: settings.brain.url, redisPassword: settings.redis.url };
}

/**
 * Scheme, host and port; undefined for what is no address. `URL.origin` knows those of the web alone. A backslash counts
 * as a slash in some parsers and not in others, so nothing is taken from an address with one.
 */
export function originOf(address: string): string | undefined {
  if (/[\\\s]/.test(address)) return undefined;
  const parsed = /^([a-z]+(?:\+[a-z]+)?:\/\/)(?:[^@/?#]*@)?([^/?#]+)/i.exec(address);
  return parsed === null ? undefined : `${parsed[1]}${parsed[2]}`.toLowerCase();
}

/** Takes a password out of the address. Throws `bad-config` for what is no address of a Redis. */
export function readRedisChoice(redis: UserSettings["redis"]): { redis: UserSettings["redis"]; password?: string } {
  const url = redis.url.trim();
  const caFile = redis.caFile.trim();
  if (url === "") return { redis: { url, caFile } };
  const parts =
    /^(rediss?(?:\+(?:sentinel|cluster))?:\/\/)(?:([^:@/]*)(?::([^@]*))?@)?([^@/\s]+)((?:\/[\w.-]{0,64}){0,2})$/.exec(
      url,
    );
  if (parts === null)
    throw new AppError("bad-config", {
      detail: "the Redis address must look like redis://host:6379 or rediss://host:6379",
    });
  const [, scheme = "", user = "", password, host = "", db = ""] = parts;
  const withoutPassword = `${scheme}${user === "" ? "" : `${user}@`}${host}${db}`;
  return { redis: { url: withoutPassword, caFile }, ...(password === undefined ? {} : { password: decode(password) }) };
}

/** A bare % is no escape; then the text is meant as it stands. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
