import { spawnSync } from "node:child_process";
import path from "node:path";
import { expect, it } from "vitest";
import { ROOT } from "./repo-root.mjs";

const mayRun =
  process.platform === "linux" &&
  (process.getuid?.() !== 0 || spawnSync("setpriv", ["--reuid=65534", "--clear-groups", "true"]).status === 0);

it.skipIf(!mayRun)(
  "what the Dockerfile copies is enough to build and to run, as a user without rights (Linux; as root with setpriv)",
  { timeout: 180_000 },
  () => {
    const script = path.join(ROOT, "services/build/dockerfile-run.mjs");
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, "--link"], { encoding: "utf8" });
    expect(status, stdout + stderr).toBe(0);
    expect(stdout).toContain("/healthz: 200");
    expect(stdout).toContain("/readyz: 200, with a worker");
  },
);
