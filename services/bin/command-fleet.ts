import { createPinoLogger } from "#adapters/logging/pino-logger";
import { AppError } from "#contracts/errors";
import type { WorkerSnapshot } from "#core/ports/worker-registry";
import { print, printJson } from "./cli-output";
import { findFleet, findOrStartFleet } from "./fleet";
import { loadOrchestratorConfig } from "./run-orchestrator";

export interface FleetCommandOptions {
  redisUrl?: string;
  json?: boolean;
}

const log = createPinoLogger({ level: "error", service: "parley" });

export async function commandWorkersList(options: FleetCommandOptions): Promise<void> {
  const { redis } = await loadOrchestratorConfig(undefined);
  const fleet = await findFleet(redis, {
    log,
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
  });
  if (fleet === undefined)
    throw new AppError("registry-unavailable", { detail: "no Parley runs on this computer and no REDIS_URL is set" });
  try {
    const workers = await fleet.registry.list();
    if (options.json === true) return printJson({ registry: fleet.registry.origin, workers });
    if (workers.length === 0) return print(`No worker is registered at ${fleet.registry.origin.address}.`);
    printTable(["NAME", "STATE", "ADDRESS", "IN USE", "HEARTBEAT", "VOICES"], workers.map(workerRow));
  } finally {
    await fleet.close();
  }
}

function workerRow(worker: WorkerSnapshot): string[] {
  return [
    worker.name,
    worker.isLive ? worker.state : "overdue",
    worker.info.address,
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
