import { test as base, chromium, expect, type Browser, type Page } from "@playwright/test";
import { installAudioTap } from "./audio-tap";
import { writeMicWav, type MicWavOptions } from "./mic-wav";
import { startFake, startReal, type RunningOrchestrator } from "./orchestrator";
import { ParleyPage } from "./pages/parley-page";

export interface ParleyOptions {
  orchestratorKind: "fake" | "real";
}

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

interface WorkerFixtures {
  realOrchestrator: { get(): Promise<RunningOrchestrator> };
}

const DEFAULT_MICROPHONE: MicWavOptions = { leadMs: 1200, tailMs: 20_000 };

export const test = base.extend<TestFixtures & ParleyOptions, WorkerFixtures>({
  orchestratorKind: ["fake", { option: true }],

  realOrchestrator: [
    async ({}, use) => {
      let started: Promise<RunningOrchestrator> | undefined;
      await use({ get: () => (started ??= startReal()) });
      await (await started)?.close();
    },
    { scope: "worker", timeout: 60_000 },
  ],

  orchestrator: async ({ orchestratorKind, realOrchestrator }, use) => {
    if (orchestratorKind === "real") return use(await realOrchestrator.get());
    const fake = await startFake();
    await use(fake);
    await fake.close();
  },

  open: async ({ orchestrator }, use, testInfo) => {
    const browsers: Browser[] = [];
    const complaints: string[] = [];
    await use(async (options = {}) => {
      const browser = await launchChromium(options.microphone ?? DEFAULT_MICROPHONE, testInfo.outputDir);
      browsers.push(browser);
      const page = await browser.newPage(options.context);
      collectComplaints(page, complaints);
      await installAudioTap(page);
      await page.goto(options.url ?? orchestrator.url);
      return new ParleyPage(page);
    });
    for (const browser of browsers) await browser.close();
    expect(complaints, "errors of the page and breaches of its policy").toEqual([]);
  },
});

export { expect };

function launchChromium(microphone: MicWavOptions | "denied" | "missing", folder: string): Promise<Browser> {
  const args = ["--autoplay-policy=no-user-gesture-required"];
  if (microphone !== "missing") args.push("--use-fake-device-for-media-stream");
  if (microphone !== "denied") args.push("--use-fake-ui-for-media-stream");
  if (typeof microphone === "object")
    args.push(`--use-file-for-fake-audio-capture=${writeMicWav(folder, microphone)}%noloop`);
  return chromium.launch({ executablePath: process.env["PARLEY_CHROMIUM"] ?? "/usr/bin/chromium", args });
}

function collectComplaints(page: Page, complaints: string[]): void {
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
}
