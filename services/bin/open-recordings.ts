import path from "node:path";
import { openFlightRecorder, type FlightRecorder } from "#adapters/flight-recorder/flight-recorder";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { Logger } from "#core/ports/logger";
import { places } from "./places";

/** Where conversations are kept on this computer. */
export function recordingsFolder({ recording }: OrchestratorConfig): string {
  return recording.folder ?? path.join(places.dataDir, "recordings");
}

export function openRecordings(config: OrchestratorConfig, log: Logger): FlightRecorder {
  return openFlightRecorder({
    folder: recordingsFolder(config),
    limits: config.recording,
    clock: systemClock,
    ids: systemIds,
    log,
  });
}
