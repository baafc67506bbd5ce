import path from "node:path";
import { single, type Measure } from "#score/figures/measure";
import type { BenchmarkContext } from "./benchmark";
import type { ElectronWindows } from "./electron-windows";

const RUNS = 5;
const GOAL_MS = 2_500;

/** From Electron's `ready` to a page with which one can talk. The first start, into empty caches, is not counted. */
export async function measureWindowStarts(
  context: BenchmarkContext,
  windows: ElectronWindows,
): Promise<Record<string, Measure>> {
  const startsMs: number[] = [];
  for (let run = 0; run <= RUNS; run++) {
    const ms = await startWindow(windows, path.join(context.workFolder, `home-${run}`));
    context.progress(`window ${run === 0 ? "not counted" : run}: ${Math.round(ms)} ms`);
    if (run > 0) startsMs.push(ms);
  }
  return {
    "Electron ready to page interactive, slowest": {
      ...single("ms", Math.max(...startsMs), { atMost: GOAL_MS }),
      n: RUNS,
    },
  };
}

async function startWindow(windows: ElectronWindows, home: string): Promise<number> {
  const app = await windows.launchParley({ home });
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
