import { execFile } from "node:child_process";
import { rmSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";

interface Outcome {
  code: number | string | null;
  stdout: string;
  stderr: string;
}

function launch(...args: string[]): Promise<Outcome> {
  return new Promise((resolve) => {
    execFile(process.execPath, ["services/build/launch.mjs", ...args], (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : (error.code ?? null), stdout, stderr });
    });
  });
}

describe("launching what is built", () => {
  it("works for several at once while the build is stale, with nothing but the program's own words on stdout", async () => {
    rmSync("dist/services/.stamp", { force: true });
    const outcomes = await Promise.all([1, 2, 3].map(() => launch("parley", "--", "models", "list", "--json")));
    for (const { code, stdout, stderr } of outcomes) {
      expect({ code, stderr }).toMatchObject({ code: 0 });
      expect(parseJsonWith(z.object({ models: z.array(z.unknown()).min(1) }), stdout)).toMatchObject({ ok: true });
    }
  });

  it("ends with the program's own exit code", async () => {
    expect(await launch("parley", "--", "no-such-command")).toMatchObject({ code: 2, stdout: "" });
  });

  it("refuses a command that it does not know", async () => {
    expect(await launch("no-such-program")).toMatchObject({ code: 2, stdout: "" });
  });
});
