import os from "node:os";
import { systemIds } from "#adapters/system/system-ids";

/** Environment that carries a worker's secret: a start with the same one takes over the name. */
export const NONCE_ENV = "PARLEY_WORKER_NONCE";

/** Environment that tells a front the name of the worker beside it. */
export const OWN_WORKER_ENV = "PARLEY_OWN_WORKER";

/** Name and secret for a worker that is restarted by its supervisor: each start takes the place of the one before at once. */
export function createWorkerIdentity(): { name: string; args: string[]; env: Record<string, string> } {
  const name = defaultWorkerName();
  return { name, args: ["--name", name], env: { [NONCE_ENV]: systemIds.secret() } };
}

/** This computer's name and a few random characters, as several Parleys may run on it. */
export function defaultWorkerName(): string {
  const host =
    os
      .hostname()
      .replace(/[^\x21-\x7e]/g, "-")
      .slice(0, 48) || "worker";
  return `${host}-${systemIds.next("w").slice(2, 6)}`;
}
