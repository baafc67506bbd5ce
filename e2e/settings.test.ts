import type { Page } from "@playwright/test";
import { isAudible } from "./audio-tap";
import { expect, test } from "./fixtures";

const openSettings = (page: Page): Promise<void> => page.getByRole("link", { name: "Settings" }).click();
const voiceChoice = (page: Page) => page.getByRole("combobox", { name: "Answers are spoken by" });

test("a choice is saved at once, by keyboard too, and can be taken back", async ({ open, orchestrator }) => {
  const { page } = await open();
  await openSettings(page);
  await page.getByRole("radio", { name: /^Balanced/ }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(page.getByRole("radio", { name: /^Patient/ })).toBeChecked();
  await expect(page.getByText("Taking turns: Patient. Saved.")).toBeVisible();
  expect(orchestrator.fake?.admin.settings.settings.turnPreset).toBe("patient");
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(page.getByRole("radio", { name: /^Balanced/ })).toBeChecked();
});

test("a refused change is told beside its field, and what holds stays shown", async ({ open, orchestrator }) => {
  const { page } = await open();
  await openSettings(page);
  orchestrator.fake?.admin.failNext("settings-set", "unknown-voice");
  await voiceChoice(page).selectOption("flite-kal");
  await expect(page.getByText("There is no such voice.")).toBeVisible();
  await expect(voiceChoice(page)).toHaveValue("flite-slt");
});

for (const [screen, call, shown] of [
  ["Settings", "settings-get", "Taking turns"],
  ["History", "conversations-list", "How many days has February?"],
] as const) {
  test(`${screen} that could not be read is there as soon as Parley answers again`, async ({ open, orchestrator }) => {
    const { page } = await open();
    orchestrator.fake?.admin.failNext(call, "internal");
    await page.getByRole("link", { name: screen }).click();
    await expect(page.getByText("Something went wrong inside Parley.")).toBeVisible();
    orchestrator.fake?.dropConnections();
    await expect(page.getByText(shown)).toBeVisible();
    await expect(page.getByText("Something went wrong inside Parley.")).toHaveCount(0);
  });
}

test("a key is written and forgotten, and never shown", async ({ open }) => {
  const { page } = await open();
  await openSettings(page);
  await page.getByRole("radio", { name: /^My own endpoint/ }).click();
  await page.getByRole("textbox", { name: "Address" }).fill("ollama.lan");
  await page.keyboard.press("Tab");
  await expect(page.getByText("This is not a web address.")).toBeVisible();
  await page.getByRole("textbox", { name: "Address" }).fill("http://ollama.lan:11434/v1");
  await page.keyboard.press("Tab");
  const key = page.getByLabel("API key, if it needs one");
  await key.fill("sk-secret");
  await key.press("Enter");
  await expect(page.getByText("API key saved.")).toBeVisible();
  await expect(key).toHaveValue("");
  await expect(page.getByText("kept encrypted by this computer's keyring")).toBeVisible();
  await page.getByRole("button", { name: "Forget key" }).click();
  await expect(page.getByRole("button", { name: "Forget key" })).toHaveCount(0);
});

test("a voice can be heard before it is chosen", async ({ open }) => {
  const parley = await open();
  await openSettings(parley.page);
  await parley.page.getByRole("button", { name: "Hear flite-slt" }).click();
  await expect.poll(async () => (await parley.played()).some(isAudible)).toBe(true);
  await expect(parley.page.getByRole("button", { name: "Hear flite-slt" })).toBeVisible();
});

test("the computer is looked over, and what is wrong comes first with what mends it", async ({ open }) => {
  const { page } = await open();
  await openSettings(page);
  await page.getByRole("button", { name: "Check this computer" }).click();
  await expect(page.getByText("1 thing broken.")).toBeVisible();
  const findings = page.getByRole("list", { name: "Findings" }).getByRole("listitem");
  await expect(findings).toHaveCount(3);
  await expect(findings.first()).toContainText("refused the password");
  await expect(findings.first()).toContainText("export REDIS_URL=redis://:PASSWORD@redis.lan:6379");
});

for (const [width, height] of [
  [320, 568],
  [3840, 2160],
] as const) {
  test(`nothing is cut off at ${width} × ${height}`, async ({ open }) => {
    const { page } = await open({ context: { viewport: { width, height } } });
    await openSettings(page);
    await page.getByRole("radio", { name: /^My own endpoint/ }).click();
    await expect(page.getByRole("heading", { name: "Taking turns" })).toBeAttached();
    const overflowPx = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflowPx).toBe(0);
  });
}

test("another Redis: a wrong password is told, with the right one Parley moves there", async ({
  open,
  orchestrator,
}) => {
  const { page } = await open();
  await page.getByRole("link", { name: "Fleet" }).click();
  await page.getByRole("textbox", { name: "Address" }).fill("redis://redis.lan:6379");
  await page.getByLabel("Password, if it has one").fill("wrong");
  orchestrator.fake?.admin.failNext("redis-test", "redis-auth-failed");
  await page.getByRole("button", { name: "Try it" }).click();
  await expect(page.getByText("Check the password.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Use it" })).toHaveCount(0);
  await page.getByLabel("Password, if it has one").fill("right");
  await page.getByRole("button", { name: "Try it" }).click();
  await page.getByRole("button", { name: "Use it" }).click();
  await expect(page.getByText("Parley uses it now.")).toBeVisible();
  await expect(page.getByText("The one chosen here")).toBeVisible();
  await page.getByRole("button", { name: "Back to Parley's own Redis" }).click();
  await expect(page.getByText("Parley's own, started and ended with it")).toBeVisible();
});
