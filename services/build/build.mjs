// Bundles each entry point of the services into dist/services/<entry>.js; libraries stay in node_modules.
import { build } from "esbuild";
import { cp, mkdir } from "node:fs/promises";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
const outdir = path.join(root, "dist/services");

/** Every file in these folders is an entry point. */
const entries = ["services/bin", "services/bench"]
  .filter((folder) => existsSync(path.join(root, folder)))
  .flatMap((folder) => readdirSync(path.join(root, folder)).filter((name) => name.endsWith(".entry.ts")).map((name) => path.join(root, folder, name)));

export async function buildServices() {
  await mkdir(outdir, { recursive: true });
  await build({
    entryPoints: Object.fromEntries(entries.map((file) => [path.basename(file, ".entry.ts"), file])),
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    sourcemap: true,
    logLevel: "warning",
  });
  await cp(path.join(root, "services/contracts/proto/tts.proto"), path.join(outdir, "tts.proto"));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) await buildServices();
