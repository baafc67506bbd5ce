import { mkdirSync } from "node:fs";
import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";
import type { RunningOrchestrator } from "./orchestrator";

const VIEWPORT = { width: 1120, height: 700 };
const FOLDER = "docs/screenshots";
/** The speech that the last picture shows comes after this: time for two turns in writing. */
const MICROPHONE = { leadMs: 9000, tailMs: 4000 };

for (const colorScheme of ["light", "dark"] as const) {
  test(`conversation in ${colorScheme}`, async ({ open, orchestrator }) => {
    const script = orchestrator.fake?.script;
    if (script === undefined) throw new Error("the screenshots are taken with scripted replies");
    script.brainLabel = "Built-in responder";
    const parley = await open({
      microphone: MICROPHONE,
      context: { colorScheme, viewport: VIEWPORT },
    });
    await parley.startButton.click();
    await expect(parley.status).toHaveText("Listening");

    script.reply = "Seventeen times six is one hundred and two.";
    await parley.type("What is seventeen times six?");
    await expect(parley.agentWords.nth(0)).toHaveAttribute("data-outcome", "completed");

    script.reply = "Necessary is spelled n, e, c, e, double s, a, r, y. Shall I use it in a sentence?";
    await parley.type("How do you spell necessary?");
    await expect.poll(() => parley.playoutReports.at(-1) ?? 0).toBeGreaterThan(8 * 14_400 + 11 * 14_400);
    await parley.stopSpeakingButton.click();

    script.userTranscript = "And what day is it the day after tomorrow?";
    await expect(parley.status).toHaveText("Hearing you");
    await parley.page.waitForTimeout(700);
    await keep(parley.page, `conversation-${colorScheme}`);
  });

  test(`first run and worker in ${colorScheme}`, async ({ open, orchestrator }) => {
    const admin = orchestrator.fake?.admin;
    if (admin === undefined) throw new Error("the screenshots are taken with scripted replies");
    const context = { colorScheme, viewport: VIEWPORT };
    admin.settings = { ...admin.settings, isFirstRun: true };
    const { page: first } = await open({ context });
    await first.getByRole("button", { name: "Allow the microphone" }).click();
    await first.getByText("The microphone is on.").waitFor();
    await first.getByRole("button", { name: "Hear flite-slt" }).waitFor();
    await keep(first, `first-run-${colorScheme}`);
    admin.settings = { ...admin.settings, isFirstRun: false, isWorkerOnly: true };
    const { page } = await open({ context });
    await page.getByRole("heading", { name: "worker-1" }).waitFor();
    await keep(page, `worker-${colorScheme}`);
  });

  test(`the other screens in ${colorScheme}`, async ({ open, orchestrator }) => {
    const { page } = await open({ context: { colorScheme, viewport: VIEWPORT } });
    const links = page.getByRole("navigation", { name: "Screens" }).getByRole("link");
    for (const title of (await links.locator(".nav-title").allTextContents()).slice(1)) {
      await links.filter({ hasText: title }).click();
      await expect(page).toHaveTitle(`${title} · Parley`);
      await page.waitForLoadState("networkidle");
      for (const commandsPerSecond of HISTORY) {
        pushRedis(orchestrator, commandsPerSecond);
        await page.waitForTimeout(40);
      }
      await keep(page, `${title.toLowerCase()}-${colorScheme}`);
    }
  });
}

/** Commands in a second, so that the charts have something to show. */
const HISTORY = Array.from({ length: 40 }, (_, i) => Math.round(14 + 9 * Math.sin(i / 4) + 4 * Math.sin(i * 1.7)));

function pushRedis({ fake }: RunningOrchestrator, commandsPerSecond: number): void {
  const server = fake?.admin.redis.server;
  if (fake === undefined || server === undefined) return;
  const roundTripMs = 0.25 + commandsPerSecond / 200;
  fake.admin.redis = { ...fake.admin.redis, server: { ...server, commandsPerSecond, roundTripMs } };
  fake.admin.push();
}

async function keep(page: Page, name: string): Promise<void> {
  mkdirSync(FOLDER, { recursive: true });
  await page.screenshot({ path: `${FOLDER}/${name}.png`, animations: "disabled" });
}
