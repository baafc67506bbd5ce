// Hot reload: rebuilds and restarts `parley start` when a source changes; reload the page to see it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { watch } from "node:fs";
import path from "node:path";
import { buildWhatIsStale } from "./build.mjs";
import { ROOT } from "./repo-root.mjs";

/** Editors write a file in several steps. */
const SETTLE_MS = 150;
const WATCHED = ["services", "renderer", "configs"];

let child;

async function stop() {
  if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGTERM");
  await once(child, "exit");
}

async function restart() {
  try {
    await buildWhatIsStale();
  } catch (error) {
    console.error(`dev: ${error.message}`);
    return;
  }
  await stop();
  const program = path.join(ROOT, "dist/services/parley.js");
  child = spawn(process.execPath, ["--enable-source-maps", program, "start", ...process.argv.slice(2)], {
    stdio: "inherit",
  });
}

let timer;
/** Restarts follow each other: two at once would fight for the port. */
let last = restart();
function onChange(_event, name) {
  if (name === null || /\.test\.tsx?$|(^|\/)\./.test(name)) return;
  clearTimeout(timer);
  timer = setTimeout(() => {
    console.error(`dev: ${name} changed`);
    last = last.then(restart);
  }, SETTLE_MS);
}

const watchers = WATCHED.map((folder) => watch(path.join(ROOT, folder), { recursive: true }, onChange));

for (const signal of ["SIGINT", "SIGTERM"]) {
  process.once(signal, async () => {
    for (const watcher of watchers) watcher.close();
    clearTimeout(timer);
    await last;
    await stop();
    process.exit(child?.exitCode ?? 0);
  });
}
