/**
 * ONNX Runtime keeps a number for this computer and sends with it what it runs to its maker, unless this is set before the first session of
 * the process. A worker thread's environment is a copy that native code does not see: who starts one calls this.
 */
export function disableTelemetry(): void {
  // eslint-disable-next-line no-restricted-syntax -- the runtime asks for nothing else, and must find it in every process
  process.env["ORT_DISABLE_TELEMETRY"] = "1";
}
