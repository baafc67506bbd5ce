import type { CDPSession, Page } from "playwright";

export interface Frames {
  /** From one frame to the next, ms, in order. */
  gapsMs: number[];
  /** What the page itself worked in one piece for 50 ms or more, ms. */
  longTasksMs: number[];
}

/** Watches the page's frames while `during` runs. */
export async function watchFrames(page: Page, during: () => Promise<void>): Promise<Frames> {
  // As text: this program knows no DOM.
  await page.evaluate(`(() => {
    const probe = { gapsMs: [], longTasksMs: [], isOver: false };
    window.benchProbe = probe;
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) probe.longTasksMs.push(entry.duration);
    }).observe({ type: "longtask" });
    let last = performance.now();
    const next = (now) => {
      probe.gapsMs.push(now - last);
      last = now;
      if (!probe.isOver) requestAnimationFrame(next);
    };
    requestAnimationFrame((now) => { last = now; requestAnimationFrame(next); });
  })()`);
  await during();
  return page.evaluate<Frames>(`(() => {
    const { gapsMs, longTasksMs } = window.benchProbe;
    window.benchProbe.isOver = true;
    return { gapsMs, longTasksMs };
  })()`);
}

/** What the page's script holds after everything that it has let go is collected, bytes. */
export async function heldHeapBytes(devtools: CDPSession): Promise<number> {
  for (let round = 0; round < 3; round++) await devtools.send("HeapProfiler.collectGarbage");
  return (await devtools.send("Runtime.getHeapUsage")).usedSize;
}
