import { createPinoLogger } from "#adapters/logging/pino-logger";
import { AppError } from "#contracts/errors";
import { isForeignWorker } from "#contracts/registry/worker-record";
import type { DesiredState, WorkerRegistry, WorkerSnapshot } from "#core/ports/worker-registry";
import { print, printJson } from "./cli-output";
import { findFleet, findOrStartFleet } from "./fleet";
import { loadOrchestratorConfig } from "./own-config";

export interface FleetCommandOptions {
  redisUrl?: string;
  json?: boolean;
}

const log = createPinoLogger({ level: "error", service: "parley" });

export function commandWorkersList(options: FleetCommandOptions): Promise<void> {
  return withRegistry(options, async (registry) => {
    const workers = await registry.list();
    if (options.json === true) return printJson({ registry: registry.origin, workers });
    if (workers.length === 0) return print(`No worker is registered at ${registry.origin.address}.`);
    printTable(["NAME", "STATE", "ADDRESS", "IN USE", "HEARTBEAT", "VOICES"], workers.map(workerRow));
  });
}

/** The worker takes nothing new from now on and finishes what it speaks. */
export function commandWorkersDrain(name: string, options: FleetCommandOptions): Promise<void> {
  return setState({ name, state: "draining", done: `${name} drains: it finishes what it speaks.` }, options);
}

export function commandWorkersUndrain(name: string, options: FleetCommandOptions): Promise<void> {
  return setState({ name, state: "ready", done: `${name} serves again.` }, options);
}

function setState(
  order: { name: string; state: DesiredState; done: string },
  options: FleetCommandOptions,
): Promise<void> {
  const { name, state, done } = order;
  return withRegistry(options, async (registry) => {
    if ((await registry.setDesiredState(name, state)) === "unknown")
      throw new AppError("unknown-worker", { detail: name });
    if (options.json === true) return printJson({ name, state });
    print(done);
  });
}

/** The registry of the fleet that is there; closed afterwards. */
async function withRegistry(
  options: FleetCommandOptions,
  use: (registry: WorkerRegistry) => Promise<void>,
): Promise<void> {
  const { redis } = await loadOrchestratorConfig(undefined);
  const fleet = await findFleet(redis, {
    log,
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
  });
  if (fleet === undefined)
    throw new AppError("registry-unavailable", { detail: "no Parley runs on this computer and no REDIS_URL is set" });
  try {
    await use(fleet.registry);
  } finally {
    await fleet.close();
  }
}

function workerRow(worker: WorkerSnapshot): string[] {
  return [
    worker.name,
    `${worker.isLive ? worker.state : "overdue"}${isForeignWorker(worker.info) ? " (foreign)" : ""}`,
    `${worker.info.address}${worker.info.isTls === true ? " (TLS)" : ""}`,
    `${worker.inUse}/${worker.capacity}`,
    `${(worker.heartbeatAgeMs / 1000).toFixed(1)} s ago`,
    worker.info.voices.join(" "),
  ];
}

/** The voices that can be spoken with, and who has them. */
export async function commandModelsList(options: FleetCommandOptions): Promise<void> {
  const { redis, voice } = await loadOrchestratorConfig(undefined);
  const fleet = await findOrStartFleet(redis, {
    log,
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
  });
  try {
    const workers = (await fleet.registry.list()).filter((worker) => worker.isLive);
    const ids = [...new Set(workers.flatMap((worker) => worker.info.voices))].sort();
    const models = ids.map((id) => {
      const having = workers.filter((worker) => worker.info.voices.includes(id));
      return {
        id,
        languages: [...new Set(having.flatMap((worker) => worker.info.languages))],
        isDefault: id === voice.default,
        workers: fleet.isOwn ? [] : having.map((worker) => worker.name),
      };
    });
    if (options.json === true) return printJson({ models });
    printTable(
      ["MODEL", "LANGUAGES", "DEFAULT", "WORKERS"],
      models.map((model) => [
        model.id,
        model.languages.join(" "),
        model.isDefault ? "yes" : "",
        model.workers.join(" "),
      ]),
    );
  } finally {
    await fleet.close();
  }
}

function printTable(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  for (const row of [head, ...rows])
    print(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    );
}
