import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";
import { runParley } from "#testing/parley-process";

const home = mkdtempSync(path.join(os.tmpdir(), "parley-settings-"));
const env = {
  XDG_CONFIG_HOME: path.join(home, "config"),
  XDG_RUNTIME_DIR: path.join(home, "run"),
  REDIS_URL: undefined,
};
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function settings(
  args: readonly string[],
  input = "",
): Promise<{ code: number | null; out: string; err: string }> {
  const program = fileURLToPath(new URL("parley.js", DIST_ENTRY_FOLDER));
  const child = spawn(process.execPath, [program, "settings", ...args], { env: { ...process.env, ...env } });
  child.stdin.end(input);
  const [out, err, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once("close", resolve)),
  ]);
  return { code, out, err };
}

describe("parley settings", () => {
  it("shows, changes and resets the file where no Parley runs", async () => {
    expect((await settings([])).out).toMatch(/^turnPreset +balanced$/m);
    expect((await settings(["set", "turnPreset", "quick"])).out).toBe(
      "turnPreset: quick. It holds from the next start on.\n",
    );
    expect((await settings(["get", "turnpreset", "--json"])).out).toBe('{"key":"turnPreset","value":"quick"}\n');
    await settings(["reset", "turnPreset"]);
    expect((await settings(["get", "turnPreset"])).out).toBe("balanced\n");
  });

  it("takes a secret from standard input and never shows it", async () => {
    await settings(["set", "brain.url", "http://127.0.0.1:11434/v1"]);
    expect((await settings(["set", "brainApiKey", "-"], "sk-secret\n")).out).toContain("brainApiKey: set, not shown.");
    expect(readFileSync(path.join(home, "config/parley/settings.json"), "utf8")).toContain("sk-secret");
    const { out } = await settings(["--json"]);
    expect(JSON.parse(out)).toMatchObject({ hasBrainApiKey: true, isLive: false });
    expect(out).not.toContain("sk-secret");
    await settings(["reset", "brainApiKey"]);
    expect((await settings(["get", "brainApiKey"])).out).toBe("not set\n");
  });

  it("names the nearest key, and what a value may be", async () => {
    expect(await settings(["get", "voise"])).toMatchObject({
      code: 1,
      err: expect.stringContaining("did you mean voice?"),
    });
    expect(await settings(["set", "mode", "half"])).toMatchObject({
      code: 1,
      err: expect.stringContaining('"client"'),
    });
  });

  it("changes the Parley that runs, whose word to it only this user may read and is gone with it", async () => {
    const run = runParley(["start", "--browser", "--port", "0", "--mode", "client"], { env });
    await run.printed(/#token=/);
    const word = path.join(home, "run/parley/run", `app-${run.pid}.json`);
    expect(statSync(word).mode & 0o777).toBe(0o600);
    expect((await settings(["set", "turnPreset", "patient"])).out).toBe("turnPreset: patient. It holds now.\n");
    expect(await settings(["set", "mode", "full"])).toMatchObject({ code: 1, err: expect.stringContaining("--mode") });
    await run.stop();
    expect(readdirSync(path.dirname(word)).filter((name) => name.startsWith("app-"))).toEqual([]);
    expect((await settings(["get", "turnPreset"])).out).toBe("patient\n");
  });
});
