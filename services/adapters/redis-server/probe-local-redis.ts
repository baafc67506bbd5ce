import { identifyServer } from "./ask-redis";

/** Long enough for a server on this computer, short enough not to be noticed at the start. */
const PROBE_TIMEOUT_MS = 300;
const LOCAL = { host: "127.0.0.1", port: 6379 } as const;

export type LocalRedis = { type: "found"; url: string } | { type: "none"; reason: string };

/** Asks whether a server without a password runs at the usual place of this computer. Writes nothing. */
export async function probeLocalRedis(target: { host: string; port: number } = LOCAL): Promise<LocalRedis> {
  try {
    await identifyServer({ ...target, timeoutMs: PROBE_TIMEOUT_MS });
    return { type: "found", url: `redis://${target.host}:${target.port}` };
  } catch (error) {
    return { type: "none", reason: error instanceof Error ? error.message : "no answer" };
  }
}
