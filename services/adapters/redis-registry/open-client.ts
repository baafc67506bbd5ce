import { isIP } from "node:net";
import { Cluster, Redis, type RedisOptions } from "ioredis";
import type { RedisAddress, RedisNode } from "./redis-address";
import { registryScripts, type ScriptName } from "./registry-scripts";

export type ScriptClient = Redis &
  Record<ScriptName, (prefix: string, ...args: (string | number)[]) => Promise<unknown>>;

export interface OpenClientOptions extends RedisOptions {
  password: string | undefined;
  ca: string | undefined;
  /** Pause before the next attempt, ms; null: no more. */
  retry(attempt: number): number | null;
}

export interface OpenedClient {
  client: ScriptClient;
  /** The password of the next login. */
  password: string | undefined;
}

const SENTINEL_RETRY_STEP_MS = 50;
const SENTINEL_RETRY_MAX_MS = 500;

/** A client for a server, for the master that Sentinels name, or for a Cluster; not yet connected. */
export function openClient(address: RedisAddress, { retry, ca, ...common }: OpenClientOptions): OpenedClient {
  const { place, username, db } = address;
  const tls = (node: RedisNode | undefined): RedisOptions["tls"] =>
    address.isTls
      ? {
          ...(node === undefined || isIP(node.host) !== 0 ? {} : { servername: node.host }),
          minVersion: "TLSv1.2",
          ca,
        }
      : undefined;
  const options: RedisOptions = { ...common, username, db, scripts: registryScripts, retryStrategy: retry };
  switch (place.type) {
    case "server":
      return wrap(new Redis({ ...options, ...place.node, tls: tls(place.node) }));
    case "sentinel": {
      // Without the detector a client stays with a master that was frozen, and what it writes there is lost.
      const client = new Redis({
        ...options,
        sentinels: [...place.nodes],
        name: place.name,
        failoverDetector: true,
        sentinelRetryStrategy: (attempt) =>
          retry(attempt) === null ? null : Math.min(attempt * SENTINEL_RETRY_STEP_MS, SENTINEL_RETRY_MAX_MS),
        tls: tls(undefined),
        enableTLSForSentinelMode: address.isTls,
        sentinelTLS: tls(undefined),
      });
      return wrap(client);
    }
    case "cluster": {
      const {
        lazyConnect,
        enableOfflineQueue,
        scripts: _scripts,
        retryStrategy: _retry,
        db: _db,
        ...redisOptions
      } = options;
      const client = new Cluster([...place.nodes], {
        redisOptions: { ...redisOptions, tls: tls(undefined) },
        lazyConnect,
        enableOfflineQueue,
        scripts: registryScripts,
        clusterRetryStrategy: retry,
        slotsRefreshTimeout: 1_500,
        // The owner of the slot is found again before the call's time is over.
        retryDelayOnFailover: 100,
        retryDelayOnClusterDown: 100,
        maxRedirections: 8,
      });
      // A Cluster has all commands of a Redis that are used here, and the same events; their types have no name in common.
      return wrap(client as unknown as Redis, redisOptions);
    }
  }
}

function wrap(client: Redis, options: RedisOptions = client.options): OpenedClient {
  return {
    client: client as ScriptClient,
    get password() {
      return options.password ?? undefined;
    },
    set password(password) {
      options.password = password;
    },
  };
}
