import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { AppError } from "#contracts/errors";
import { nativePath } from "#core/speech/native-path";

export interface MoonshineModels {
  encoderPath: string;
  decoderPath: string;
}

/** Folder inside a node_modules; the package exports only its browser bundle, so it cannot be resolved by name. */
const MODEL_FOLDER = "@moonshine-ai/moonshine-js/dist/model/tiny/quantized";

/** Paths of Moonshine tiny, English, int8 (MIT), 28 MB, as the npm package ships it. Throws `model-missing`. */
export function resolveMoonshineModels(): MoonshineModels {
  const candidates = createRequire(import.meta.url).resolve.paths(MODEL_FOLDER) ?? [];
  for (const candidate of candidates) {
    const encoderPath = nativePath(path.join(candidate, MODEL_FOLDER, "encoder_model.onnx"));
    const decoderPath = nativePath(path.join(candidate, MODEL_FOLDER, "decoder_model_merged.onnx"));
    if (existsSync(encoderPath) && existsSync(decoderPath)) return { encoderPath, decoderPath };
  }
  throw new AppError("model-missing", { detail: "Moonshine tiny" });
}
