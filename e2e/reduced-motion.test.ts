import type { Page } from "@playwright/test";
import { expect, test, type OpenOptions } from "./fixtures";
import type { ParleyPage } from "./pages/parley-page";

test("who wants less motion sees nothing move, on any screen and in any state of a conversation", async ({ open }) => {
  const parley = await openWatched(open, "reduce");
  const { page } = parley;
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Hearing you");
  await expect(parley.stopSpeakingButton).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
  await page.getByRole("switch", { name: "Push to talk" }).check();
  await parley.goTo("Devices");
  await page.getByRole("button", { name: "Hear yourself" }).click();
  await expect(page.getByText("This is how Parley hears you.")).toBeVisible({ timeout: 20_000 });
  await parley.goTo("Settings");
  await page.getByRole("radio", { name: /^Patient/ }).click();
  await expect(page.getByRole("button", { name: "Undo" })).toBeVisible();
  await parley.goTo("History");
  await parley.goTo("Fleet");
  await expect(page.getByTestId("worker").first()).toBeVisible();
  expect(await motions(page)).toEqual([]);
});

test("everyone else sees motion, which the test above would see", async ({ open }) => {
  const parley = await openWatched(open, "no-preference");
  await parley.startButton.click();
  await expect.poll(() => motions(parley.page)).toContain("breathe");
});

async function openWatched(
  open: (options: OpenOptions) => Promise<ParleyPage>,
  reducedMotion: "reduce" | "no-preference",
): Promise<ParleyPage> {
  const parley = await open({ microphone: { leadMs: 1000, tailMs: 60_000 }, context: { reducedMotion } });
  await watchMotion(parley.page);
  await parley.page.reload();
  return parley;
}

function motions(page: Page): Promise<string[]> {
  return page.evaluate(() => [...(window as unknown as { e2eMotions: Set<string> }).e2eMotions]);
}

/** Notes each animation and transition that begins, by its name or property. Before the page is opened. */
async function watchMotion(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const motions = new Set<string>();
    Object.assign(window, { e2eMotions: motions });
    document.addEventListener("animationstart", ({ animationName }) => motions.add(animationName), true);
    document.addEventListener("transitionrun", ({ propertyName }) => motions.add(propertyName), true);
    const animate = Element.prototype.animate;
    Element.prototype.animate = function (...animation) {
      motions.add("Element.animate");
      return animate.apply(this, animation);
    };
  });
}
