import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { runParley, type ParleyRun } from "#testing/parley-process";

let run: ParleyRun | undefined;
afterEach(() => run?.stop());

/** A display that nobody has, and a folder without Electron: no window opens on whatever computer this runs. */
const WITHOUT_ELECTRON = {
  DISPLAY: ":4242",
  WAYLAND_DISPLAY: undefined,
  ELECTRON_OVERRIDE_DIST_PATH: "/no/such/folder",
};

/** A folder whose Electron does nothing but end like this. */
function brokenElectron(script: string): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), "parley-electron-"));
  folders.push(folder);
  writeFileSync(path.join(folder, "electron"), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return folder;
}
const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const NO_LIBRARY = "electron: error while loading shared libraries: libgtk-3.so.0: cannot open shared object file";

describe("parley start where no window can open", () => {
  it.each([
    [
      "with a system library missing",
      `echo '${NO_LIBRARY}' >&2; exit 127`,
      "the system library libgtk-3.so.0 is missing",
    ],
    ["with a display that is not there", "kill -SEGV $$", "the display could not be opened"],
  ])("%s says so in one line and serves the browser", async (_case, script, reason) => {
    const env = { ...WITHOUT_ELECTRON, ELECTRON_OVERRIDE_DIST_PATH: brokenElectron(script) };
    run = runParley(["start", "--no-sandbox", "--mode", "client"], { env });
    await run.printed(/#token=/);
    expect(run.stdout).toContain(`No desktop window here: ${reason}. The browser shows the same.`);
    expect(run.stderr).toBe("");
  });

  it.each([
    ["without a display", { ...WITHOUT_ELECTRON, DISPLAY: undefined }, "there is no display"],
    ["without Electron", WITHOUT_ELECTRON, "ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron"],
  ])("%s says so in one line and serves the browser", async (_case, env, reason) => {
    run = runParley(["start", "--no-sandbox"], { env });
    await run.printed(/^ {2}http:\/\/127\.0\.0\.1:\d+\/#token=\S+$/m);
    const [first, ...rest] = run.stdout.split("\n");
    expect(first).toBe(`No desktop window here: ${reason}. The browser shows the same.`);
    expect(rest.join("\n")).toContain("Open this address in your browser:");
    expect(run.stderr).toBe("");
  });

  it.skipIf(process.getuid?.() !== 0)("as root without --no-sandbox says so and serves the browser", async () => {
    const env = { ...WITHOUT_ELECTRON, ELECTRON_OVERRIDE_DIST_PATH: brokenElectron("exit 0") };
    run = runParley(["start", "--mode", "client"], { env });
    await run.printed(/#token=/);
    expect(run.stdout).toContain("No desktop window here: Electron does not run as root without --no-sandbox.");
    expect(run.stderr).toBe("");
  });

  it("refuses in words an address for others without a Redis that they reach", async () => {
    const env = { ...WITHOUT_ELECTRON, PARLEY_TOKEN: "secret" };
    run = runParley(["start", "--browser", "--advertise", "192.0.2.7:7001"], { env });
    expect(await run.ended).toBe(1);
    expect(run.stderr).toContain("--advertise needs a Redis that other computers reach");
    expect(run.stderr).not.toMatch(/^ +at /m);
  });

  it("asked for a browser says nothing of a window", async () => {
    run = runParley(["start", "--browser"], { env: WITHOUT_ELECTRON });
    await run.printed(/#token=/);
    expect(run.stdout).not.toContain("window");
  });
});
