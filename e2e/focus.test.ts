import { expect, test } from "./fixtures";

test("a conversation that is closed or deleted leaves the keyboard in the list, and so does undo", async ({ open }) => {
  const { page } = await open({ context: { viewport: { width: 360, height: 640 } } });
  await page.getByRole("link", { name: "History" }).click();
  const kept = page.getByRole("region", { name: "Kept conversations" }).getByRole("button");
  await kept.nth(1).press("Enter");
  await page.getByRole("button", { name: "Back to the list" }).press("Enter");
  await expect(kept.nth(1)).toBeFocused();
  await kept.nth(0).press("Enter");
  await page.getByRole("button", { name: "Delete" }).press("Enter");
  await expect(kept).toHaveCount(1);
  await expect(kept.nth(0)).toBeFocused();
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(kept).toHaveCount(2);
  await expect(page.getByRole("button", { name: "How many days has February?" })).toBeFocused();
});

test("a change that is taken back, or not made after all, leaves the keyboard at the choice", async ({ open }) => {
  const { page } = await open();
  await page.getByRole("link", { name: "Settings" }).click();
  const patient = page.getByRole("radio", { name: /^Patient/ });
  await patient.press("Space");
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await expect(patient).not.toBeChecked();
  await expect(patient).toBeFocused();
  await page.getByRole("radio", { name: /^Worker only/ }).press("Space");
  await page.getByRole("button", { name: "Leave it as it is" }).press("Enter");
  await expect(page.getByRole("radio", { name: /^Everything/ })).toBeFocused();
});
