import { disableTelemetry } from "./disable-telemetry";

/** Parley's models ask for no other. */
const USED = "cpu";

/**
 * The execution providers that ONNX Runtime has here and that Parley uses, after one has loaded a model. The runtime is loaded now and
 * not with this module, so that one that cannot be loaded is a failure like any other.
 */
export async function inferenceProviders(modelPath: string): Promise<string[]> {
  const { InferenceSession, listSupportedBackends } = await import("onnxruntime-node");
  disableTelemetry();
  const session = await InferenceSession.create(modelPath, {
    executionProviders: [USED],
    intraOpNumThreads: 1,
    logSeverityLevel: 3,
  });
  await session.release();
  return listSupportedBackends()
    .map(({ name }) => name)
    .filter((name) => name === USED);
}
