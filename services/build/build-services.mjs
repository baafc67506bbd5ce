import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, copyFileSync } from "node:fs";
import path from "node:path";
import { writeStamp } from "./build-stamp.mjs";
import { ROOT } from "./repo-root.mjs";

/** Every `<name>.entry.ts` in these folders is started as a process or a worker thread. */
const ENTRY_FOLDERS = ["services/bin", "services/bench"];
/** Read at run time from beside the entries. */
const ASSETS = ["services/contracts/proto/tts.proto"];
/** What an older build left stays this long: a process that runs may still load it. */
const KEEP_OLD_MS = 60 * 60 * 1000;

function findEntries() {
  const files = ENTRY_FOLDERS.map((folder) => path.join(ROOT, folder))
    .filter((folder) => existsSync(folder))
    .flatMap((folder) => readdirSync(folder).map((name) => path.join(folder, name)))
    .filter((file) => file.endsWith(".entry.ts"));
  return Object.fromEntries(files.map((file) => [path.basename(file, ".entry.ts"), file]));
}

async function bundle(outdir) {
  const { build } = await import("esbuild");
  await build({
    entryPoints: findEntries(),
    outdir,
    bundle: true,
    splitting: true,
    platform: "node",
    format: "esm",
    target: "node20",
    packages: "external",
    chunkNames: "chunk-[hash]",
    sourcemap: true,
    logLevel: "warning",
  });
}

/** Moves file by file, what others import first, so that whoever starts meanwhile gets whole files. */
function moveInto(from, to) {
  const names = readdirSync(from, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(from, path.join(entry.parentPath, entry.name)));
  names.sort((a, b) => Number(b.startsWith("chunk-")) - Number(a.startsWith("chunk-")));
  for (const name of names) {
    mkdirSync(path.dirname(path.join(to, name)), { recursive: true });
    renameSync(path.join(from, name), path.join(to, name));
  }
  return new Set(names);
}

function removeOld(folder, kept) {
  const oldestMs = Date.now() - KEEP_OLD_MS;
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const file = path.join(entry.parentPath, entry.name);
    if (!entry.isFile() || kept.has(path.relative(folder, file))) continue;
    if (statSync(file).mtimeMs < oldestMs) rmSync(file, { force: true });
  }
}

/** Bundles all entries; about 0.2 s. */
export async function buildServices(folder, stamp) {
  mkdirSync(folder, { recursive: true });
  const aside = mkdtempSync(path.join(ROOT, "dist/.services-"));
  try {
    await bundle(aside);
    for (const asset of ASSETS) copyFileSync(path.join(ROOT, asset), path.join(aside, path.basename(asset)));
    removeOld(folder, moveInto(aside, folder));
    writeStamp(folder, stamp);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
