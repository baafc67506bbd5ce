import { spawn } from "node:child_process";
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { once } from "node:events";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { _electron } from "playwright";
import { single, type Measure } from "#score/figures/measure";
import { places } from "../bin/places";
import type { BenchmarkContext } from "./benchmark";

const REPOSITORY = fileURLToPath(new URL("../../", places.entryFolder));
const RUNS = 5;
const GOAL_MS = 2_500;

/** From Electron's `ready` to a page with which one can talk. None where there is no Electron for tests. */
export async function measureWindowStarts(
  context: BenchmarkContext,
): Promise<{ count: number; measures: Record<string, Measure> }> {
  const program = path.join(REPOSITORY, ".cache/electron-runtime/electron");
  if (!existsSync(program)) {
    context.progress("no window: there is no Electron for tests (npm run e2e:electron fetches it)");
    return { count: 0, measures: {} };
  }
  const display = await openDisplay();
  try {
    const startsMs: number[] = [];
    for (let run = 0; run <= RUNS; run++) {
      const ms = await startWindow(program, display.name, path.join(context.workFolder, `home-${run}`));
      context.progress(`window ${run === 0 ? "not counted" : run}: ${Math.round(ms)} ms`);
      if (run > 0) startsMs.push(ms);
    }
    return {
      count: startsMs.length,
      measures: {
        "Electron ready to page interactive, slowest": single("ms", Math.max(...startsMs), { atMost: GOAL_MS }),
      },
    };
  } finally {
    display.close();
  }
}

async function startWindow(program: string, display: string, home: string): Promise<number> {
  const env = Object.fromEntries(
    Object.entries(process.env).filter((pair): pair is [string, string] => pair[1] !== undefined),
  );
  // A person who has seen the welcome.
  const settings = path.join(home, "config/parley/settings.json");
  mkdirSync(path.dirname(settings), { recursive: true });
  writeFileSync(settings, JSON.stringify({ version: 1, settings: {}, secrets: {} }));
  const app = await _electron.launch({
    executablePath: program,
    args: [
      ...(process.getuid?.() === 0 ? ["--no-sandbox"] : []),
      `--user-data-dir=${path.join(home, "data")}`,
      "--use-fake-device-for-media-stream",
      REPOSITORY,
    ],
    env: {
      ...env,
      DISPLAY: display,
      XDG_RUNTIME_DIR: path.join(home, "run"),
      XDG_CONFIG_HOME: path.join(home, "config"),
    },
  });
  try {
    const page = await app.firstWindow();
    await page.getByRole("button", { name: "Start talking" }).waitFor();
    const interactiveAtMs = Date.now();
    const readyAtMs = await app.evaluate(() => {
      const [ready] = performance.getEntriesByName("parley-ready");
      return ready === undefined ? Number.NaN : performance.timeOrigin + ready.startTime;
    });
    return interactiveAtMs - readyAtMs;
  } finally {
    await app.close();
  }
}

async function openDisplay(): Promise<{ name: string; close(): void }> {
  const server = spawn("Xvfb", ["-displayfd", "1", "-screen", "0", "1280x900x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [data] = (await once(server.stdout, "data")) as [Buffer];
  return { name: `:${data.toString("utf8").trim()}`, close: () => void server.kill() };
}
