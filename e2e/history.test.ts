import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

const openScreen = (page: Page, name: string): Promise<void> => page.getByRole("link", { name }).click();
const search = (page: Page) => page.getByRole("searchbox", { name: "Search in conversations" });
const kept = (page: Page) => page.getByRole("region", { name: "Kept conversations" }).getByRole("listitem");

test("a conversation is found by a word that was never heard, read and closed by keyboard", async ({ open }) => {
  const { page } = await open();
  await openScreen(page, "History");
  await expect(kept(page)).toHaveCount(2);
  await search(page).fill("ships");
  await expect(kept(page)).toHaveCount(1);
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("heading", { name: "What is the capital of France?" })).toBeFocused();
  await expect(page.getByText("keeper who counted ships.")).toHaveClass("unheard");
  await expect(page.getByText("interrupted")).toBeVisible();
});

test("a conversation that was kept as sound is played from any of its words", async ({ open, orchestrator }) => {
  const { page } = await open();
  await openScreen(page, "History");
  await kept(page).first().getByRole("button").click();
  await page.getByRole("button", { name: "Play from 0:20" }).click();
  await expect(page.getByRole("button", { name: "Stop playing" })).toBeVisible();
  const asked = () => orchestrator.fake?.admin.calls.filter(({ name }) => name === "conversation-sound") ?? [];
  await expect.poll(() => asked().map(({ request }) => request)).toMatchObject([{ fromMs: 20_000 }]);
  await page.getByRole("button", { name: "Stop playing" }).click();
  await expect(page.getByRole("button", { name: "Play", exact: true })).toBeVisible();
});

test("the time of what was said is no bubble of its own", async ({ open }) => {
  const { page } = await open();
  await openScreen(page, "History");
  await kept(page).first().getByRole("button").click();
  const about = page.locator(".message-about").first();
  await expect(about).toHaveCSS("background-color", "rgba(0, 0, 0, 0)");
  await expect(about).toHaveCSS("padding-left", "0px");
});

for (const [width, height] of [
  [320, 568],
  [3840, 2160],
] as const) {
  test(`nothing is cut off at ${width} × ${height}`, async ({ open }) => {
    const { page } = await open({ context: { viewport: { width, height }, colorScheme: "dark" } });
    await openScreen(page, "History");
    await kept(page).first().getByRole("button").click();
    await expect(page.getByRole("button", { name: "Export as Markdown" })).toBeVisible();
    const overflowPx = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflowPx).toBe(0);
  });
}
