import path from "node:path";
import { chromium, type Page } from "playwright";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { openElectronWindows, type ElectronWindows } from "./electron-windows";
import { measureCaptions, measureEmptyPage, measureFleet, startScriptedTalk } from "./frame-scenes";
import { measureIdleMemory } from "./idle-memory";
import { serveScriptedPage } from "./scripted-page";
import { measureWindowStarts } from "./window-starts";
import type { Measure } from "#score/figures/measure";

/** Seen again and again for as long as frames are watched: a fake microphone beeps, and the meter moves. */
const MICROPHONE = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"];

/**
 * In the renderer of a real Electron. Where there is none, frames are measured in Chromium, and neither starts nor memory.
 */
export const uiBenchmark: Benchmark = {
  name: "ui",
  description:
    "window to interactive; frames under captions and 1,000 workers; idle for --minutes, ten unless said (13 min)",
  async run(context) {
    const windows = await openElectronWindows(context.progress);
    try {
      const frames = await measureFrames(context, windows);
      const others =
        windows === undefined
          ? {}
          : {
              ...(await measureWindowStarts(context, windows)),
              ...(await measureIdleMemory(context, windows)),
            };
      return { n: 1, measures: { ...frames, ...others } };
    } finally {
      windows?.close();
    }
  },
};

async function measureFrames(
  context: BenchmarkContext,
  windows: ElectronWindows | undefined,
): Promise<Record<string, Measure>> {
  const served = await serveScriptedPage();
  const opened = await openPage(windows, path.join(context.workFolder, "home-frames"), served.url);
  try {
    context.progress(`an empty page in ${opened.browser}`);
    const empty = await measureEmptyPage(opened.page);
    await startScriptedTalk(opened.page, served.url);
    context.progress("60 captions a second");
    const captions = await measureCaptions(opened.page, served);
    context.progress("1,000 workers");
    return { ...empty, ...captions, ...(await measureFleet(opened.page, served)) };
  } finally {
    await opened.close();
    await served.close();
  }
}

async function openPage(
  windows: ElectronWindows | undefined,
  home: string,
  url: string,
): Promise<{ page: Page; browser: string; close(): Promise<void> }> {
  if (windows !== undefined) {
    const app = await windows.launchPlain(url, { home });
    return { page: await app.firstWindow(), browser: "Electron", close: () => app.close() };
  }
  const browser = await chromium.launch({
    executablePath: process.env["PARLEY_CHROMIUM"] ?? "/usr/bin/chromium",
    args: [...MICROPHONE, "--autoplay-policy=no-user-gesture-required"],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  return { page, browser: "Chromium", close: () => browser.close() };
}
