import { AppError } from "#contracts/errors";

export interface RedisNode {
  host: string;
  port: number;
}

export type RedisPlace =
  | { type: "server"; node: RedisNode }
  /** The nodes are Sentinels, which know the master of this name. */
  | { type: "sentinel"; nodes: readonly RedisNode[]; name: string }
  /** Some nodes of a Cluster, which know the others. */
  | { type: "cluster"; nodes: readonly RedisNode[] };

export interface RedisAddress {
  place: RedisPlace;
  username: string | undefined;
  password: string | undefined;
  db: number;
  isTls: boolean;
  /** host:port and so on, for people; no secrets. */
  shown: string;
}

const FORM =
  /^redis(?<tls>s?)(?:\+(?<kind>sentinel|cluster))?:\/\/(?:(?<user>[^:@/]*)(?::(?<password>[^@]*))?@)?(?<hosts>[^@/\s]+)(?<path>(?:\/[^/\s]*){0,2})$/;
const NODE = /^(?:\[(?<v6>[0-9a-f:.]+)\]|(?<name>[^:[\]]+))(?::(?<port>\d{1,5}))?$/i;
const MAX_PORT = 65_535;
const DEFAULT_PORTS = { server: 6_379, sentinel: 26_379, cluster: 6_379 } as const;

/**
 * Reads `redis://[user[:password]@]host[:port][/db]`, `redis+sentinel://…host:port,host:port/name[/db]` and
 * `redis+cluster://…host:port,host:port`; with `rediss` instead of `redis` by TLS. Anything else is `bad-config`.
 */
export function parseRedisUrl(url: string): RedisAddress {
  const { tls, kind, user, password, hosts = "", path = "" } = FORM.exec(url)?.groups ?? {};
  const type = kind === "sentinel" || kind === "cluster" ? kind : "server";
  const nodes = hosts.split(",").map((text) => readNode(text, DEFAULT_PORTS[type]));
  const [, ...parts] = path.split("/");
  const name = type === "sentinel" ? parts.shift() : undefined;
  const [db = ""] = parts;
  const [first, ...more] = nodes;
  const isWhole = parts.length <= 1 && /^\d{0,5}$/.test(db) && !(type === "cluster" && Number(db) !== 0);
  if (tls === undefined || first === undefined || !isWhole || (type === "server" && more.length > 0) || name === "")
    throw badUrl();
  return {
    place: placeOf(type, nodes, name),
    username: user === undefined || user === "" ? undefined : decode(user),
    password: password === undefined || password === "" ? undefined : decode(password),
    db: Number(db),
    isTls: tls === "s",
    shown: shownAddress(nodes, { type, name }),
  };
}

function placeOf(type: RedisPlace["type"], nodes: readonly RedisNode[], name: string | undefined): RedisPlace {
  const [node] = nodes;
  if (type === "cluster") return { type, nodes };
  if (type === "server" && node !== undefined) return { type, node };
  if (name === undefined) throw badUrl();
  return { type: "sentinel", nodes, name };
}

function shownAddress(
  nodes: readonly RedisNode[],
  { type, name }: { type: RedisPlace["type"]; name: string | undefined },
): string {
  const text = nodes.map(({ host, port }) => `${host.includes(":") ? `[${host}]` : host}:${port}`).join(", ");
  if (type === "sentinel") return `${name} by Sentinel ${text}`;
  return type === "cluster" ? `Cluster ${text}` : text;
}

function readNode(text: string, defaultPort: number): RedisNode {
  const { v6, name, port } = NODE.exec(text)?.groups ?? {};
  const host = v6 ?? name;
  if (host === undefined || Number(port ?? 0) > MAX_PORT) throw badUrl();
  return { host, port: port === undefined ? defaultPort : Number(port) };
}

function badUrl(): AppError {
  return new AppError("bad-config", {
    detail:
      "the Redis URL must look like redis://host:6379, redis+sentinel://host:26379,host:26379/name or redis+cluster://host:6379,host:6379; rediss for TLS",
  });
}

/** A bare % is no escape; then the text is meant as it stands. */
function decode(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    return encoded;
  }
}
