import { AppError } from "#contracts/errors";

export interface RedisAddress {
  host: string;
  port: number;
  username: string | undefined;
  password: string | undefined;
  db: number;
  isTls: boolean;
  /** host:port, for people; no secrets. */
  shown: string;
}

/** Reads `redis://[user[:password]@]host[:port][/db]` or `rediss://…` (TLS). Anything else is `bad-config`. */
export function parseRedisUrl(url: string): RedisAddress {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const db = parsed === undefined || parsed.pathname.length <= 1 ? "0" : parsed.pathname.slice(1);
  const isRedis = parsed?.protocol === "redis:" || parsed?.protocol === "rediss:";
  if (parsed === undefined || !isRedis || parsed.hostname === "" || !/^\d{1,5}$/.test(db)) {
    throw new AppError("bad-config", {
      detail: "the Redis URL must look like redis://host:6379 or rediss://host:6379",
    });
  }
  const host = parsed.hostname.replace(/^\[|\]$/g, "");
  const port = parsed.port === "" ? 6379 : Number(parsed.port);
  return {
    host,
    port,
    username: parsed.username === "" ? undefined : decode(parsed.username),
    password: parsed.password === "" ? undefined : decode(parsed.password),
    db: Number(db),
    isTls: parsed.protocol === "rediss:",
    shown: `${parsed.hostname}:${port}`,
  };
}

/** A bare % is no escape; then the text is meant as it stands. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
