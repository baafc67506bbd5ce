import { Redis } from "ioredis";

export interface RedisTarget {
  host: string;
  port: number;
  password?: string;
  timeoutMs: number;
}

/** What a server tells of itself (`INFO server`). Rejects with ioredis's error when it cannot be asked. */
export interface ServerIdentity {
  processId: number;
  runId: string;
  version: string;
}

export function identifyServer(target: RedisTarget): Promise<ServerIdentity> {
  return askOnce(target, readIdentity);
}

/** Ends the server, if it still is the one with this run id. Resolves to whether it was. */
export function shutDownServer(target: RedisTarget, runId: string): Promise<boolean> {
  return askOnce(target, async (client) => {
    if ((await readIdentity(client)).runId !== runId) return false;
    // The server answers by closing the connection.
    await client.shutdown("NOSAVE").catch(() => undefined);
    return true;
  });
}

async function readIdentity(client: Redis): Promise<ServerIdentity> {
  const info = await client.info("server");
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\\r?$`, "m").exec(info)?.[1] ?? "";
  return { processId: Number(field("process_id")), runId: field("run_id"), version: field("redis_version") };
}

/** One connection for one purpose: no retries, no queue, closed afterwards. */
async function askOnce<T>(target: RedisTarget, ask: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({
    host: target.host,
    port: target.port,
    password: target.password,
    lazyConnect: true,
    enableReadyCheck: false,
    enableOfflineQueue: false,
    disableClientInfo: true,
    connectTimeout: target.timeoutMs,
    commandTimeout: target.timeoutMs,
    disconnectTimeout: 50,
    retryStrategy: () => null,
  });
  let firstError: unknown;
  client.on("error", (error: unknown) => (firstError ??= error));
  try {
    await client.connect();
    return await ask(client);
  } catch (error) {
    const failure = firstError ?? error;
    // ioredis attaches the command with its arguments, and the login's arguments hold the password.
    if (failure instanceof Error && "command" in failure) failure.command = undefined;
    throw failure;
  } finally {
    client.disconnect();
  }
}
