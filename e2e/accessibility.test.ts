import type { Page } from "@playwright/test";
import { expectAccessible, expectNoOverflow } from "./accessibility";
import { expect, test } from "./fixtures";

/** Every screen, in the words of the navigation. */
async function screens(page: Page): Promise<string[]> {
  return page.getByRole("navigation", { name: "Screens" }).locator(".nav-title").allTextContents();
}

async function openScreen(page: Page, title: string): Promise<void> {
  await page.getByRole("link", { name: title }).click();
  await expect(page).toHaveTitle(`${title} · Parley`);
  await page.waitForLoadState("networkidle");
}

for (const colorScheme of ["light", "dark"] as const) {
  test(`axe finds nothing serious on any screen, and nothing is cut off, in ${colorScheme}`, async ({ open }) => {
    const { page } = await open({ context: { colorScheme, viewport: { width: 1440, height: 900 } } });
    const titles = await screens(page);
    expect(titles.length).toBeGreaterThan(3);
    for (const title of titles) {
      await openScreen(page, title);
      await expectAccessible(page, title);
      for (const width of [320, 3840]) {
        await page.setViewportSize({ width, height: 900 });
        await expectNoOverflow(page, `${title} at ${width} px`);
      }
      await page.setViewportSize({ width: 1440, height: 900 });
    }
  });

  test(`axe finds nothing serious on the first run and in worker-only mode, in ${colorScheme}`, async ({
    open,
    orchestrator,
  }) => {
    const admin = orchestrator.fake?.admin;
    if (admin === undefined) throw new Error("this needs scripted replies");
    const context = { colorScheme, viewport: { width: 1440, height: 900 } };
    admin.settings = { ...admin.settings, isFirstRun: true };
    const { page: first } = await open({ context });
    await first.getByRole("button", { name: "Allow the microphone" }).click();
    await expect(first.getByText("The microphone is on.")).toBeVisible();
    await expect(first.getByRole("button", { name: "Hear flite-slt" })).toBeVisible();
    await expectAccessible(first, "first run");
    await first.setViewportSize({ width: 320, height: 568 });
    await expectNoOverflow(first, "first run at 320 px");
    admin.settings = { ...admin.settings, isFirstRun: false, isWorkerOnly: true };
    const { page } = await open({ context });
    await expect(page.getByRole("heading", { name: "worker-1" })).toBeVisible();
    await expectAccessible(page, "worker");
    await openScreen(page, "Settings");
    await expectAccessible(page, "settings of a worker");
    await page.setViewportSize({ width: 320, height: 568 });
    await openScreen(page, "Worker");
    await expectNoOverflow(page, "worker at 320 px");
  });

  test(`axe finds nothing serious in a conversation, in ${colorScheme}`, async ({ open, orchestrator }) => {
    if (orchestrator.fake !== undefined) orchestrator.fake.script.banner = "Workers on other machines cannot join.";
    const parley = await open({ microphone: { leadMs: 60_000, tailMs: 0 }, context: { colorScheme } });
    const { page } = parley;
    await expectAccessible(page, "before it");
    await parley.startButton.click();
    await expect(parley.status).toHaveText("Listening");
    await parley.type("Hello");
    await expect(parley.stopSpeakingButton).toBeVisible();
    await expectAccessible(page, "the agent speaks");
    await parley.stopSpeakingButton.click();
    await expect(page.getByRole("button", { name: "Continue" })).toBeVisible();
    await expectAccessible(page, "interrupted");
    await page.getByRole("switch", { name: "Push to talk" }).check();
    await parley.pauseButton.click();
    await expect(parley.status).toHaveText("Paused");
    await expectAccessible(page, "paused, with push-to-talk");
    await page.locator(".latency-button").click();
    await page.keyboard.press("?");
    await expectAccessible(page, "latency and keys");
    await orchestrator.fake?.close();
    await page.keyboard.press("Escape");
    await expect(parley.status).toContainText("reconnecting");
    await expectAccessible(page, "connection lost");
  });
}

test("axe is heard: a button without a name and pale words are found", async ({ open }) => {
  const { page } = await open();
  await page.evaluate(() => {
    const pale = Object.assign(document.createElement("p"), { textContent: "Hardly to be seen." });
    pale.style.color = "#ddd";
    document.querySelector("main")?.append(document.createElement("button"), pale);
  });
  await expect(expectAccessible(page, "spoilt")).rejects.toThrow(/button-name[\s\S]*color-contrast/);
});
