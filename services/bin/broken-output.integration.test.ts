import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";

const parley = fileURLToPath(new URL("parley.js", DIST_ENTRY_FOLDER));

/** Runs `parley …` as a line of the shell. */
function shell(line: string): { status: number | null; stderr: string } {
  const env = { ...process.env, NODE: process.execPath, PARLEY: parley, PARLEY_TOKEN: "", REDIS_URL: "" };
  return spawnSync("sh", ["-c", line], { env, encoding: "utf8", timeout: 20_000 });
}

it.skipIf(process.platform !== "linux").each([
  ["a log that has no place on the disk", '"$NODE" "$PARLEY" orchestrator --host 0.0.0.0 --port 0 2>/dev/full', ""],
  ["an output that has none", '"$NODE" "$PARLEY" config >/dev/full', "parley: the output could not be written: ENOSPC"],
])("%s does not keep a command from its end, nor show a stack", (_what, line, words) => {
  const { status, stderr } = shell(line);
  expect(status).toBe(1);
  expect(stderr).toContain(words);
  expect(stderr).not.toMatch(/\n\s+at /);
});
