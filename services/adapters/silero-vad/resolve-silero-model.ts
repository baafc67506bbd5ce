import { createRequire } from "node:module";
import { AppError } from "#contracts/errors";

/** Path of the Silero v6 model (MIT) that ships in the vad-web package. Throws `model-missing`. */
export function resolveSileroModel(): string {
  try {
    return createRequire(import.meta.url).resolve("@ricky0123/vad-web/dist/silero_vad_v6.onnx");
  } catch (error) {
    throw new AppError("model-missing", { detail: "silero_vad_v6.onnx", cause: error });
  }
}
