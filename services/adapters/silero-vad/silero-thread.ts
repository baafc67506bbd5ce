import type { MessagePort } from "node:worker_threads";
import { loadSileroModel, SILERO_CONTEXT_SAMPLES, SILERO_WINDOW_SAMPLES, type SileroModel } from "./silero-model";

/** What the thread is started with. */
export interface SileroThreadData {
  modelPath: string;
}

/** To the thread; the numbers are context, window and state in a row. "end": no more follow. */
export type SileroRequest = { type: "run"; requestId: number; values: Float32Array } | { type: "end" };

/** From the thread; `values` holds the probability and the state. */
export type SileroReply =
  | { type: "ready" }
  | { type: "unusable"; reason: string }
  | { type: "done"; requestId: number; values: Float32Array }
  | { type: "failed"; requestId: number; reason: string };

const INPUT_SAMPLES = SILERO_CONTEXT_SAMPLES + SILERO_WINDOW_SAMPLES;

/** Body of the thread in which Silero runs. It ends by itself when the last run after an "end" is answered. */
export async function runSileroThread(port: MessagePort, { modelPath }: SileroThreadData): Promise<void> {
  const reply = (message: SileroReply): void => port.postMessage(message);
  let model: SileroModel;
  try {
    model = await loadSileroModel(modelPath);
  } catch (error) {
    return reply({ type: "unusable", reason: reasonOf(error) });
  }
  let runningCount = 0;
  let isEnding = false;
  const endWhenIdle = (): void => {
    if (!isEnding || runningCount > 0) return;
    model.dispose();
    port.close();
  };
  const run = async (requestId: number, values: Float32Array): Promise<void> => {
    runningCount++;
    try {
      const { speechProbability, state } = await model.run(
        values.subarray(0, INPUT_SAMPLES),
        values.subarray(INPUT_SAMPLES),
      );
      const answer = new Float32Array(1 + state.length);
      answer[0] = speechProbability;
      answer.set(state, 1);
      reply({ type: "done", requestId, values: answer });
    } catch (error) {
      reply({ type: "failed", requestId, reason: reasonOf(error) });
    }
    runningCount--;
    endWhenIdle();
  };
  port.on("message", (request: SileroRequest) => {
    if (request.type === "run") return void run(request.requestId, request.values);
    isEnding = true;
    endWhenIdle();
  });
  reply({ type: "ready" });
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
