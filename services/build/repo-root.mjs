import path from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path of the repository; the tools work from any current folder. */
export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");

/** True when the module with this URL was started as the program, not imported. */
export function isMain(moduleUrl) {
  return process.argv[1] !== undefined && path.resolve(process.argv[1]) === fileURLToPath(moduleUrl);
}
