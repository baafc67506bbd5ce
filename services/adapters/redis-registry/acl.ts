import { createHash } from "node:crypto";
import { FOREIGN_KEY_PATTERNS } from "#contracts/registry/predecessor-record";

/** Within the scripts, which run with the rights of their caller. */
const SCRIPT_COMMANDS = [
  ...["time", "get", "set", "incr", "del", "exists", "pexpire"],
  ...["hset", "hget", "hmget", "sadd", "srem", "scard", "smembers"],
  ...["zadd", "zrem", "zscore", "zrange", "zrangebyscore", "zrangebylex", "xadd"],
];
/** Of the clients themselves; those of a Cluster are refused, and not missed, elsewhere. */
const CLIENT_COMMANDS = [
  ...["hello", "auth", "ping", "info", "select", "eval", "evalsha", "setex", "xread"],
  ...["client|setname", "cluster|slots", "cluster|info", "readonly"],
  // The search for the predecessor's records. SCAN shows the names of all keys, and nothing of what is in them.
  ...["scan", "type", "strlen"],
];

export interface AclOptions {
  user: string;
  /** Left out: a place to put one. */
  password: string | undefined;
  keyPrefix?: string;
}

/**
 * What a Redis user needs for everything that Parley does in Redis, and no more: a line for `users.acl` or redis.conf, or,
 * with `ACL SETUSER` instead of `user`, a command. It holds the hash of the password.
 */
export function aclLine({ user, password, keyPrefix = "parley:{r}:" }: AclOptions): string {
  const secret = password === undefined ? ">PASSWORD" : `#${createHash("sha256").update(password).digest("hex")}`;
  const keys = [`${keyPrefix}*`, ...FOREIGN_KEY_PATTERNS].map((pattern) => `~${pattern}`);
  const commands = [...CLIENT_COMMANDS, ...SCRIPT_COMMANDS].map((command) => `+${command}`);
  return ["user", user, "reset", "on", secret, "resetchannels", ...keys, "-@all", ...commands].join(" ");
}
