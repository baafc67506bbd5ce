import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Page } from "@playwright/test";
import { isAudible } from "./audio-tap";
import { expect, test } from "./fixtures";
import { startReal } from "./orchestrator";

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

test("with the real orchestrator: kept, found, exported, heard, deleted, brought back", async ({ open }) => {
  const home = mkdtempSync(path.join(os.tmpdir(), "parley-e2e-"));
  const parleyRun = await startReal({ home });
  try {
    const parley = await open({ microphone: "denied", url: parleyRun.url });
    const { page } = parley;
    await openScreen(page, "Settings");
    // A choice is shown as made once it is saved.
    await page.getByRole("radio", { name: /^Built-in responder/ }).click();
    await expect(page.getByRole("radio", { name: /^Built-in responder/ })).toBeChecked();
    await page.getByRole("radio", { name: /^Words and sound/ }).click();
    await expect(page.getByText("Kept from now on: Words and sound. Saved.")).toBeVisible();

    await openScreen(page, "Talk");
    await parley.type("How do you spell necessary?");
    await expect(page.getByText("Recording", { exact: true })).toBeVisible();
    await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
    // Who leaves ends the conversation.
    await page.reload();
    await expect(page.getByText("Recording", { exact: true })).toHaveCount(0);

    await openScreen(page, "History");
    await search(page).fill("SPELL necessary");
    await expect(kept(page)).toHaveCount(1);
    await kept(page).getByRole("button").click();
    const [markdown] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "Export as Markdown" }).click(),
    ]);
    const text = readFileSync(await markdown.path(), "utf8");
    expect(text).toContain("# How do you spell necessary?");
    expect(text).toMatch(/\*\*Parley\*\* \(0:\d\d\): /);

    const playedBefore = (await parley.played()).filter(isAudible).length;
    await page.getByRole("button", { name: "Play", exact: true }).click();
    await expect.poll(async () => (await parley.played()).filter(isAudible).length).toBeGreaterThan(playedBefore);
    await page.getByRole("button", { name: "Stop playing" }).click();

    const recordings = () =>
      readdirSync(path.join(home, "data", "parley", "recordings")).filter((name) => !name.startsWith("."));
    expect(recordings()).toHaveLength(1);
    await page.getByRole("button", { name: "Delete" }).click();
    await expect(kept(page)).toHaveCount(0);
    expect(recordings()).toHaveLength(0);
    await page.getByRole("button", { name: "Undo" }).click();
    await expect(kept(page)).toHaveCount(1);
    expect(recordings()).toHaveLength(1);
  } finally {
    await parleyRun.close();
    rmSync(home, { recursive: true, force: true });
  }
});
