import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";

it("parley --version prints what package.json says", () => {
  const parley = fileURLToPath(new URL("parley.js", DIST_ENTRY_FOLDER));
  const packageFile = new URL("../../package.json", DIST_ENTRY_FOLDER);
  const { status, stdout } = spawnSync(process.execPath, [parley, "--version"], { encoding: "utf8", timeout: 20_000 });
  expect([status, `"version": "${stdout.trim()}"`]).toEqual([0, expect.stringMatching(/"\d+\.\d+\.\d+"/)]);
  expect(readFileSync(packageFile, "utf8")).toContain(`"version": "${stdout.trim()}"`);
});
