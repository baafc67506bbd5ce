import { readFileSync } from "node:fs";
import { installAudioTap } from "../audio-tap";
import { collectComplaints, launchChromium } from "../chromium";
import { startParley } from "../orchestrator";
import { ParleyPage } from "../pages/parley-page";
import { openRestartableWorld } from "./restartable-world";
import { findPart, type World, type WorldOptions } from "./world";

/** `npm start` on a computer without a display, and a browser on the address that it prints. */
export function openChromiumWorld({ home, args = [], env = {} }: WorldOptions): Promise<World> {
  return openRestartableWorld({
    host: "chromium",
    home,
    open: async () => {
      const started = await startParley([...home.args, ...args], { ...home.env, ...env });
      const browser = await launchChromium({ type: "file", file: home.microphoneFile });
      const page = await browser.newPage();
      const complaints = collectComplaints(page);
      await installAudioTap(page);
      await page.goto(started.url);
      await page.getByRole("main").waitFor();
      const close = async (): Promise<void> => {
        await browser.close();
        await started.close();
      };
      return { started, page, parley: new ParleyPage(page), complaints, close };
    },
    own: (now) => ({
      address: () => Promise.resolve(now().started.url.replace(/#.*/, "")),
      pidOf: (part) => Promise.resolve(findPart(now().started.pid, part)),
      download: async (press) => {
        const [download] = await Promise.all([now().page.waitForEvent("download"), press()]);
        return readFileSync(await download.path(), "utf8");
      },
    }),
  });
}
