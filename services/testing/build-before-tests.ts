import { execFileSync } from "node:child_process";

/** Integration tests start real processes, so they need the built entries. */
export function setup(): void {
  execFileSync(process.execPath, ["services/build/build.mjs"], { stdio: "inherit" });
}
