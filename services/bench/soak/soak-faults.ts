import { systemClock } from "#adapters/system/system-clock";
import { sleep } from "#core/lifecycle/sleep";
import type { Random } from "#core/ports/ids";
import type { BenchFleet } from "../bench-fleet";
import type { DroppingProxy } from "../dropping-proxy";
import { findRedis } from "../find-redis";

export const FAULTS = ["kill a worker", "freeze a worker", "kill Redis", "freeze Redis", "drop a connection"] as const;
export type Fault = (typeof FAULTS)[number];

export interface FaultOptions {
  fleet: BenchFleet;
  proxy: DroppingProxy;
  random: Random;
  everyMs: number;
  /** The last fault leaves this much time to get over it. */
  endAtMs: number;
  /** `false`: there was nothing to strike. */
  onFault(fault: Fault, hasStruck: boolean): void;
}

const REDIS_FROZEN_MS = 3_000;
const WORKER_FROZEN_MS = 4_000;

/** Each fault once in every round, in an order and at a place that chance decides. */
export async function harm({ everyMs, endAtMs, onFault, ...options }: FaultOptions): Promise<void> {
  let round: Fault[] = [];
  let nextAtMs = systemClock.nowMs() + everyMs / 2;
  for (; nextAtMs <= endAtMs - everyMs / 2; nextAtMs += everyMs) {
    await pause(Math.max(0, nextAtMs - systemClock.nowMs()));
    if (round.length === 0) round = [...FAULTS];
    const [fault] = round.splice(Math.floor(options.random() * round.length), 1);
    if (fault !== undefined) onFault(fault, await strike(fault, options));
  }
}

async function strike(
  fault: Fault,
  { fleet, proxy, random }: Pick<FaultOptions, "fleet" | "proxy" | "random">,
): Promise<boolean> {
  const { workers } = fleet;
  const worker = (): number | undefined => workers[Math.floor(random() * workers.length)]?.pid();
  switch (fault) {
    case "drop a connection":
      return proxy.dropOne(random);
    case "kill a worker":
      return signal(worker(), "SIGKILL");
    case "kill Redis":
      return signal(redis(), "SIGKILL");
    case "freeze a worker":
      return freeze(worker(), WORKER_FROZEN_MS);
    case "freeze Redis":
      return freeze(redis(), REDIS_FROZEN_MS);
  }
}

/** Undefined while it is being started again. */
function redis(): number | undefined {
  try {
    return findRedis();
  } catch {
    return undefined;
  }
}

async function freeze(pid: number | undefined, ms: number): Promise<boolean> {
  const isFrozen = signal(pid, "SIGSTOP");
  if (isFrozen) await pause(ms);
  // Its supervisor may have replaced it.
  signal(pid, "SIGCONT");
  return isFrozen;
}

/** False when there is no such process, or no more. */
function signal(pid: number | undefined, name: NodeJS.Signals): boolean {
  try {
    return pid !== undefined && process.kill(pid, name);
  } catch {
    return false;
  }
}

function pause(ms: number): Promise<void> {
  return sleep(systemClock, ms, new AbortController().signal);
}
