import { readFileSync } from "node:fs";
import type { Browser, Page } from "@playwright/test";
import { installAudioTap } from "../audio-tap";
import { collectComplaints, launchChromium } from "../chromium";
import { startParley, type StartedParley } from "../orchestrator";
import { ParleyPage } from "../pages/parley-page";
import { findPart, type World, type WorldOptions } from "./world";

interface Running {
  started: StartedParley;
  browser: Browser;
  page: Page;
  parley: ParleyPage;
  complaints: string[];
}

/** `npm start` on a computer without a display, and a browser on the address that it prints. */
export async function openChromiumWorld(options: WorldOptions): Promise<World> {
  const { home, args = [], env = {} } = options;
  const open = async (): Promise<Running> => {
    const started = await startParley([...home.args, ...args], { ...home.env, ...env });
    const browser = await launchChromium({ type: "file", file: home.microphoneFile });
    const page = await browser.newPage();
    const complaints = collectComplaints(page);
    await installAudioTap(page);
    await page.goto(started.url);
    await page.getByRole("main").waitFor();
    return { started, browser, page, parley: new ParleyPage(page), complaints };
  };
  const close = async ({ browser, started }: Running): Promise<void> => {
    await browser.close();
    await started.close();
  };
  let running = await open();
  return {
    host: "chromium",
    home,
    get parley() {
      return running.parley;
    },
    get page() {
      return running.page;
    },
    get complaints() {
      return running.complaints;
    },
    address: () => Promise.resolve(running.started.url.replace(/#.*/, "")),
    pidOf: (part) => Promise.resolve(findPart(running.started.pid, part)),
    download: async (press) => {
      const [download] = await Promise.all([running.page.waitForEvent("download"), press()]);
      return readFileSync(await download.path(), "utf8");
    },
    restart: async () => {
      await close(running);
      running = await open();
    },
    close: () => close(running),
  };
}
