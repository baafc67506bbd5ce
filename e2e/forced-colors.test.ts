import type { Page } from "@playwright/test";
import { expect, test } from "./fixtures";

test("with the system's own colours every button has an outline and a switch shows its state", async ({ open }) => {
  const parley = await open({ microphone: "denied", context: { forcedColors: "active" } });
  const { page } = parley;
  const pushToTalk = page.getByRole("switch", { name: "Push to talk" });
  await parley.type("Hello");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
  const off = await pushToTalk.screenshot();
  await pushToTalk.focus();
  await page.keyboard.press("Space");
  await parley.message.focus();
  expect((await pushToTalk.screenshot()).equals(off)).toBe(false);
  for (const screen of ["Talk", "History", "Fleet", "Devices", "Settings"]) {
    await parley.goTo(screen);
    await page.waitForLoadState("networkidle");
    expect(await buttonsWithoutOutline(page), screen).toEqual([]);
  }
});

function buttonsWithoutOutline(page: Page): Promise<string[]> {
  return page
    .getByRole("button")
    .evaluateAll((buttons) =>
      buttons
        .filter((button) => getComputedStyle(button).borderTopStyle === "none")
        .map((button) => button.textContent),
    );
}
