import { parentPort, workerData } from "node:worker_threads";
import { runSileroThread, type SileroThreadData } from "#adapters/silero-vad/silero-thread";

if (parentPort !== null) await runSileroThread(parentPort, workerData as SileroThreadData);
