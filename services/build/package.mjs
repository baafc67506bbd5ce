// Builds the desktop packages: `package.mjs [--runtime FOLDER] [electron-builder's arguments, else --dir]`.
// --dir: an unpacked app for this computer. --linux AppImage deb, --mac, --win: the packages that people install.
// --runtime: an unpacked Electron to take instead of the one that electron-builder downloads.
import { spawnSync } from "node:child_process";
import { cpSync, existsSync, readdirSync, rmSync, statSync } from "node:fs";
import path from "node:path";
import { buildWhatIsStale } from "./build.mjs";
import { buildServices } from "./build-services.mjs";
import { isMain, ROOT } from "./repo-root.mjs";

const FOLDER = path.join(ROOT, "dist/package");
/** Where electron-builder leaves its work; one folder for each platform's unpacked app. */
const OUT_FOLDER = path.join(FOLDER, "out");

function takeRuntime(args) {
  const at = args.indexOf("--runtime");
  if (at < 0) return { runtime: undefined, rest: args };
  const runtime = args[at + 1];
  if (runtime === undefined || !existsSync(path.join(runtime, "version")))
    throw new Error(`--runtime needs the folder of an unpacked Electron, not ${runtime ?? "nothing"}`);
  return { runtime: path.resolve(runtime), rest: args.toSpliced(at, 2) };
}

/** The runtime without what it would load in place of the app. */
function copyRuntime(runtime) {
  const copy = path.join(FOLDER, "runtime");
  const foreign = ["app", "app.asar", "default_app.asar"].map((name) => path.join(runtime, "resources", name));
  rmSync(copy, { recursive: true, force: true });
  cpSync(runtime, copy, { recursive: true, verbatimSymlinks: true, filter: (source) => !foreign.includes(source) });
  return copy;
}

function sizeOf(file) {
  if (!statSync(file).isDirectory()) return statSync(file).size;
  return readdirSync(file).reduce((sum, name) => sum + sizeOf(path.join(file, name)), 0);
}

function reportSizes() {
  for (const name of readdirSync(OUT_FOLDER).sort()) {
    const file = path.join(OUT_FOLDER, name);
    if (!/-unpacked$|^mac|\.(AppImage|deb|dmg|exe)$/.test(name)) continue;
    const parts = ["resources/app.asar", "resources/app.asar.unpacked"].filter((part) =>
      existsSync(path.join(file, part)),
    );
    const megabytes = (each) => `${(sizeOf(each) / 1e6).toFixed(1)} MB`;
    const details = parts.map((part) => `${part} ${megabytes(path.join(file, part))}`).join(", ");
    console.log(`${path.relative(ROOT, file)}: ${megabytes(file)}${details === "" ? "" : ` (${details})`}`);
  }
}

/** Exit code of electron-builder. Throws when `--runtime` names no runtime, or when a build before it fails. */
export async function packageApp(args) {
  const { runtime, rest } = takeRuntime(args);
  await buildWhatIsStale();
  rmSync(OUT_FOLDER, { recursive: true, force: true });
  rmSync(path.join(FOLDER, "services"), { recursive: true, force: true });
  await buildServices(path.join(FOLDER, "services"), "package");
  const electronDist = runtime === undefined ? [] : [`-c.electronDist=${copyRuntime(runtime)}`];
  const builder = path.join(ROOT, "node_modules/.bin/electron-builder");
  const chosen = rest.length === 0 ? ["--dir"] : rest;
  const result = spawnSync(builder, ["--config", "electron-builder.config.mjs", ...chosen, ...electronDist], {
    cwd: ROOT,
    stdio: "inherit",
  });
  if (result.status === 0) reportSizes();
  return result.status ?? 1;
}

if (isMain(import.meta.url)) {
  try {
    process.exitCode = await packageApp(process.argv.slice(2));
  } catch (error) {
    console.error(`parley: ${error.message}`);
    process.exitCode = 2;
  }
}
