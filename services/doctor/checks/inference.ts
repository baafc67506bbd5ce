import { broken, ok, type Check } from "../check";
import type { Probes } from "../probes";

export function checkInference({
  inferenceProviders,
  platform,
}: Pick<Probes, "inferenceProviders" | "platform">): Check {
  return {
    name: "inference",
    async run() {
      const fix = `npm ci, with Node 20 or newer for ${platform}; what it needs: ldd node_modules/onnxruntime-node/bin/napi-v*/*/*/onnxruntime_binding.node`;
      try {
        const providers = await inferenceProviders();
        if (providers.length > 0) return ok(`Speech models run here, on: ${providers.join(", ")}.`);
        return broken("ONNX Runtime has no execution provider here: nothing can be heard.", fix);
      } catch (error) {
        const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
        return broken(`ONNX Runtime does not run here: ${reason}.`, fix);
      }
    },
  };
}
