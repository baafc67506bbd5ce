import path from "node:path";
import { test as base, expect, type Browser } from "@playwright/test";
import { installAudioTap } from "./audio-tap";
import { collectComplaints, launchChromium, type BrowserMicrophone } from "./chromium";
import { writeMicWav, type MicWavOptions } from "./mic-wav";
import { startFake, type RunningOrchestrator } from "./orchestrator";
import { ParleyPage } from "./pages/parley-page";

export interface OpenOptions {
  /** What the microphone hears; "denied": the person refuses it; "missing": the computer has none. */
  microphone?: MicWavOptions | "denied" | "missing";
  /** Other address than the orchestrator printed. */
  url?: string;
  context?: Parameters<Browser["newContext"]>[0];
}

interface TestFixtures {
  orchestrator: RunningOrchestrator;
  /** Opens the page in a browser of its own, since the microphone is given on Chromium's command line. */
  open: (options?: OpenOptions) => Promise<ParleyPage>;
}

const DEFAULT_MICROPHONE: MicWavOptions = { leadMs: 1200, tailMs: 20_000 };

export const test = base.extend<TestFixtures>({
  orchestrator: async ({}, use) => {
    const fake = await startFake();
    await use(fake);
    await fake.close();
  },

  open: async ({ orchestrator }, use, testInfo) => {
    const browsers: Browser[] = [];
    const complaints: string[][] = [];
    await use(async (options = {}) => {
      const file = path.join(testInfo.outputDir, `mic-${browsers.length}.wav`);
      const browser = await launchChromium(microphoneOf(options.microphone ?? DEFAULT_MICROPHONE, file));
      browsers.push(browser);
      const page = await browser.newPage(options.context);
      complaints.push(collectComplaints(page));
      await installAudioTap(page);
      await page.goto(options.url ?? orchestrator.url);
      // What the page is for is asked of the orchestrator first.
      await page.getByRole("main").waitFor();
      return new ParleyPage(page);
    });
    for (const browser of browsers) await browser.close();
    expect(complaints.flat(), "errors of the page and breaches of its policy").toEqual([]);
  },
});

export { expect };

function microphoneOf(microphone: MicWavOptions | "denied" | "missing", file: string): BrowserMicrophone {
  if (typeof microphone === "string") return { type: microphone };
  writeMicWav(file, microphone);
  return { type: "file", file };
}
