import { expect, test } from "./fixtures";
import type { RunningOrchestrator } from "./orchestrator";

function adminOf({ fake }: RunningOrchestrator) {
  if (fake === undefined) throw new Error("this needs scripted replies");
  return fake.admin;
}

test("the first run leads by keyboard alone from the microphone to the conversation, and is shown once", async ({
  open,
  orchestrator,
}) => {
  const admin = adminOf(orchestrator);
  admin.settings = { ...admin.settings, isFirstRun: true };
  const parley = await open();
  const { page } = parley;
  await expect(page.getByRole("heading", { name: "Welcome to Parley" })).toBeVisible();
  await expect(page.getByText("No language model was found on this computer.")).toBeVisible();
  await page.getByRole("button", { name: "Allow the microphone" }).press("Enter");
  await expect(page.getByText("The microphone is on.")).toBeVisible();
  await page.getByRole("combobox", { name: "Answers are spoken by" }).selectOption("flite-kal");
  await expect.poll(() => admin.settings.settings.voice).toBe("flite-kal");
  await parley.startButton.press("Enter");
  await expect(parley.status).toHaveText(/Listening|Hearing you/);
  await page.reload();
  await expect(parley.startButton).toBeVisible();
  await expect(page.getByRole("heading", { name: "Welcome to Parley" })).toHaveCount(0);
});

test("a refused microphone is explained, and the first run can be skipped and shown again", async ({
  open,
  orchestrator,
}) => {
  const admin = adminOf(orchestrator);
  admin.settings = { ...admin.settings, isFirstRun: true };
  const { page } = await open({ microphone: "denied" });
  await page.getByRole("button", { name: "Allow the microphone" }).click();
  await expect(page.getByText("Parley may not use the microphone.")).toBeVisible();
  await page.getByRole("button", { name: "Skip" }).click();
  await expect(page.getByText("What is on your mind?")).toBeVisible();
  expect(admin.settings.isFirstRun).toBe(false);
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("button", { name: "Show the welcome again" }).click();
  await expect(page.getByRole("heading", { name: "Welcome to Parley" })).toBeVisible();
});

test("worker only is asked for twice, and then the page shows the worker, which can be drained", async ({
  open,
  orchestrator,
}) => {
  const admin = adminOf(orchestrator);
  const { page } = await open();
  await page.getByRole("link", { name: "Settings" }).click();
  await page.getByRole("radio", { name: /^Worker only/ }).click();
  await page.getByRole("button", { name: "Leave it as it is" }).click();
  await expect(page.getByRole("radio", { name: /^Everything/ })).toBeChecked();
  await page.getByRole("radio", { name: /^Worker only/ }).click();
  await page.getByRole("button", { name: "Switch to worker only" }).click();
  await expect.poll(() => admin.settings.settings.mode).toBe("worker");
  // As when the desk takes over the port.
  admin.settings = { ...admin.settings, isWorkerOnly: true };
  admin.dropConnections();
  await page.getByRole("link", { name: "Worker" }).click();
  await expect(page.getByText("Worker serves others, 1 of 8 in use")).toBeVisible();
  await expect(page.getByText("192.0.2.1:7001")).toBeVisible();
  await page.getByRole("button", { name: "Drain" }).click();
  await expect(page.getByText("Worker takes nothing new, 1 of 8 in use")).toBeVisible();
  await page.getByRole("button", { name: "Serve again" }).click();
  await expect(page.getByText("Worker serves others, 1 of 8 in use")).toBeVisible();
});
