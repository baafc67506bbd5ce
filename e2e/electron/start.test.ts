import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, test } from "@playwright/test";
import { buildWhatIsStale } from "../../services/build/build.mjs";
import { prepareElectronRuntime } from "../../services/build/electron-runtime.mjs";
import { descendants, isRunning } from "#testing/parley-process";
import { createHome } from "../worlds/world";
import { openDesktop } from "./desktop";
import { openVirtualDisplay } from "./display";

/** The Electron program; skips the test with the reason when there is none. */
async function provideElectron(): Promise<string> {
  test.setTimeout(240_000);
  const prepared = await prepareElectronRuntime().then(
    (program) => ({ program, reason: "" }),
    (error: unknown) => ({ program: "", reason: String(error) }),
  );
  test.skip(prepared.reason !== "", prepared.reason);
  return prepared.program;
}

test("npm start opens the window, and Ctrl-C leaves nothing behind", async () => {
  const program = await provideElectron();
  const home = mkdtempSync(path.join(os.tmpdir(), "parley-start-"));
  const display = await openVirtualDisplay();
  const sandbox = process.getuid?.() === 0 ? ["--no-sandbox"] : [];
  const started = spawn(process.execPath, ["services/build/launch.mjs", "start", "--", ...sandbox], {
    env: {
      ...process.env,
      DISPLAY: display.name,
      XDG_RUNTIME_DIR: home,
      XDG_CONFIG_HOME: home,
      ELECTRON_OVERRIDE_DIST_PATH: path.dirname(program),
    },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let printed = "";
  let complaints = "";
  started.stdout.on("data", (data: Buffer) => (printed += data.toString("utf8")));
  started.stderr.on("data", (data: Buffer) => (complaints += data.toString("utf8")));
  const ended = new Promise<number | null>((resolve) => started.once("close", resolve));
  try {
    await expect.poll(() => printed + complaints, { timeout: 30_000 }).toContain("window is open");
    const pids = descendants(started.pid ?? -1);
    expect(pids.length).toBeGreaterThan(3);
    started.kill("SIGINT");
    expect(await ended).toBe(0);
    await expect.poll(() => pids.filter(isRunning), { timeout: 3_000 }).toEqual([]);
    expect(printed).toBe("Parley's window is open. Press Ctrl-C to stop.\n");
  } finally {
    started.kill("SIGTERM");
    await ended;
    await display.close();
    rmSync(home, { recursive: true, force: true });
  }
});

test("what a killed window leaves behind is gone after the next start", async () => {
  const program = await provideElectron();
  await buildWhatIsStale();
  const home = createHome();
  home.hear({ leadMs: 0, tailMs: 1_000 });
  const options = { program, home };
  try {
    const first = await openDesktop(options);
    await first.connection();
    const pids = descendants(first.pid);
    await first.crash();
    const second = await openDesktop(options);
    await second.connection();
    await expect.poll(() => pids.filter(isRunning), { timeout: 3_000 }).toEqual([]);
    await second.close();
  } finally {
    home.remove();
  }
});
