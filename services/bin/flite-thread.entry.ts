import { parentPort, workerData } from "node:worker_threads";
import { runFliteThread } from "#adapters/flite-tts/flite-thread";
import type { FliteThreadData } from "#adapters/flite-tts/flite-messages";

if (parentPort !== null) await runFliteThread(parentPort, workerData as FliteThreadData);
