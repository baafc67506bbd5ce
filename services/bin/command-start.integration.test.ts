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

describe("parley start where no window can open", () => {
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

  it("asked for a browser says nothing of a window", async () => {
    run = runParley(["start", "--browser"], { env: WITHOUT_ELECTRON });
    await run.printed(/#token=/);
    expect(run.stdout).not.toContain("window");
  });
});
