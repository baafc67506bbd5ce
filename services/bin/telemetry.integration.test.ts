import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { runParley, type ParleyRun } from "#testing/parley-process";

/** In what marks a build server the runtime reports nothing by itself. */
const BUILD_SERVER = { CI: undefined, GITHUB_ACTIONS: undefined, GITLAB_CI: undefined, CIRCLECI: undefined };

let home = "";
let parley: ParleyRun | undefined;

beforeEach(() => {
  home = mkdtempSync(path.join(os.tmpdir(), "parley-telemetry-"));
});
afterEach(async () => {
  await parley?.stop();
  rmSync(home, { recursive: true, force: true });
});

function run(...args: string[]): ParleyRun {
  const env = { ...BUILD_SERVER, HOME: home, XDG_CACHE_HOME: undefined, ORT_DISABLE_TELEMETRY: undefined };
  parley = runParley(args, { env });
  return parley;
}

/** The runtime keeps its number for this computer and what it has still to send below the home. */
const kept = (): string[] =>
  readdirSync(home, { recursive: true, encoding: "utf8" }).filter((file) => /onnxruntime|deviceid/.test(file));

it("the speech runtime reports nothing to its maker when the orchestrator and its ears have loaded their models", async () => {
  await run("orchestrator", "--port", "0").printed(/http:\/\/127/);
  expect(kept()).toEqual([]);
});

it("the speech runtime reports nothing to its maker when doctor tries it", async () => {
  expect(await run("doctor", "--only", "inference").ended).toBe(0);
  expect(kept()).toEqual([]);
});
