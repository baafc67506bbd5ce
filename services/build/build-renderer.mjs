import { mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import path from "node:path";
import { writeStamp } from "./build-stamp.mjs";
import { ROOT } from "./repo-root.mjs";

/** Bundles the web page with renderer/vite.config.ts, aside, and puts it in place by renaming. */
export async function buildRenderer(folder, stamp) {
  const { build } = await import("vite");
  mkdirSync(path.dirname(folder), { recursive: true });
  const aside = mkdtempSync(path.join(ROOT, "dist/.renderer-"));
  try {
    await build({
      root: path.join(ROOT, "renderer"),
      configFile: path.join(ROOT, "renderer/vite.config.ts"),
      logLevel: "error",
      build: { outDir: path.join(aside, "new"), emptyOutDir: true },
    });
    writeStamp(path.join(aside, "new"), stamp);
    try {
      renameSync(folder, path.join(aside, "old"));
    } catch (error) {
      if (error.code !== "ENOENT") throw error;
    }
    renameSync(path.join(aside, "new"), folder);
  } finally {
    rmSync(aside, { recursive: true, force: true });
  }
}
