import { createRequire } from "node:module";
import { AppError } from "#contracts/errors";
import { nativePath } from "#core/speech/native-path";

/** Path of the Silero v6 model (MIT) that ships in the vad-web package. Throws `model-missing`. */
export function resolveSileroModel(): string {
  try {
    return nativePath(createRequire(import.meta.url).resolve("@ricky0123/vad-web/dist/silero_vad_v6.onnx"));
  } catch (error) {
    throw new AppError("model-missing", { detail: "silero_vad_v6.onnx", cause: error });
  }
}
