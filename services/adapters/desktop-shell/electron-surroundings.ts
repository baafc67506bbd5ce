import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type { ElectronSurroundings } from "./find-electron";
import { firstWords } from "./why-it-ended";

/** A download of about 110 MB; a connection that cannot do it in this time is left alone. */
const INSTALL_TIMEOUT_MS = 180_000;

export interface RealSurroundingsOptions {
  env: Readonly<Record<string, string | undefined>>;
  /** The download begins; it may take a while. */
  onInstall(): void;
}

/** This computer. */
export function createElectronSurroundings(options: RealSurroundingsOptions): ElectronSurroundings {
  return {
    platform: process.platform,
    env: options.env,
    isRoot: process.getuid?.() === 0,
    packageFolder: findPackageFolder(),
    exists: existsSync,
    install: (script) => {
      options.onInstall();
      return new Promise((resolve) => {
        execFile(
          process.execPath,
          [script],
          { timeout: INSTALL_TIMEOUT_MS, killSignal: "SIGKILL" },
          (error, _out, stderr) => resolve(error === null ? undefined : (firstWords(stderr) ?? "it took too long")),
        );
      });
    },
  };
}

function findPackageFolder(): string | undefined {
  try {
    return path.dirname(createRequire(import.meta.url).resolve("electron/package.json"));
  } catch {
    return undefined;
  }
}
