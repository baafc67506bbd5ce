import { mkdirSync } from "node:fs";
import path from "node:path";
import { writeStamp } from "./build-stamp.mjs";
import { ROOT } from "./repo-root.mjs";

const shared = { bundle: true, sourcemap: true, logLevel: "warning", write: true };

/** Bundles main process (ESM, libraries stay in node_modules) and preload script (one CommonJS file, as the sandbox wants). */
export async function buildElectron(folder, stamp) {
  const { build } = await import("esbuild");
  mkdirSync(folder, { recursive: true });
  await Promise.all([
    build({
      ...shared,
      entryPoints: [path.join(ROOT, "electron/main/index.ts")],
      outfile: path.join(folder, "main.js"),
      platform: "node",
      format: "esm",
      target: "node20",
      packages: "external",
      loader: { ".png": "dataurl" },
    }),
    build({
      ...shared,
      entryPoints: [path.join(ROOT, "electron/preload/index.ts")],
      outfile: path.join(folder, "preload.cjs"),
      platform: "browser",
      format: "cjs",
      target: "chrome130",
      external: ["electron"],
      sourcemap: false,
    }),
  ]);
  writeStamp(folder, stamp);
}
