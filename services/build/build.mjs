// Builds what is stale: each service entry into dist/services/<entry>.js (libraries stay in node_modules),
// the desktop window into dist/electron, and the web page into dist/renderer. Prints nothing on stdout.
import { existsSync } from "node:fs";
import path from "node:path";
import { withLock } from "./build-lock.mjs";
import { readStamp, stampOf } from "./build-stamp.mjs";
import { buildElectron } from "./build-electron.mjs";
import { buildRenderer } from "./build-renderer.mjs";
import { buildServices } from "./build-services.mjs";
import { isMain, ROOT } from "./repo-root.mjs";

const LOCK_FILE = path.join(ROOT, "dist/.build-lock");
const COMMON = ["package.json", "package-lock.json", "services/build"];

const targets = [
  {
    name: "services",
    folder: path.join(ROOT, "dist/services"),
    sources: ["services", ...COMMON],
    build: buildServices,
    exists: () => true,
  },
  {
    name: "electron",
    folder: path.join(ROOT, "dist/electron"),
    sources: ["electron/main", "electron/preload", "services", ...COMMON],
    build: buildElectron,
    exists: () => existsSync(path.join(ROOT, "electron/main/index.ts")),
  },
  {
    name: "renderer",
    folder: path.join(ROOT, "dist/renderer"),
    sources: ["renderer", "services/contracts", "services/core", ...COMMON],
    build: buildRenderer,
    exists: () => existsSync(path.join(ROOT, "renderer/index.html")),
  },
];

function staleTargets() {
  return targets.filter((target) => target.exists() && readStamp(target.folder) !== stampOf(target.sources));
}

/** Safe to call from several processes at once. With `force` everything is built, stale or not. */
export async function buildWhatIsStale({ force = false } = {}) {
  if (!force && staleTargets().length === 0) return;
  await withLock(LOCK_FILE, async () => {
    for (const target of force ? targets.filter((each) => each.exists()) : staleTargets()) {
      // Taken before the build: a file saved meanwhile makes the next start build again.
      await target.build(target.folder, stampOf(target.sources));
    }
  });
}

if (isMain(import.meta.url)) await buildWhatIsStale({ force: process.argv.includes("--force") });
