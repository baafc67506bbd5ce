import { isAudible, PLAYED_WINDOW_MS } from "./audio-tap";
import { expectAnsweredAloud, expectClipHeard } from "./conversation-checks";
import { expect, test } from "./fixtures";
import type { ParleyPage } from "./pages/parley-page";

test("a spoken question is heard, shown, and answered aloud", async ({ open }) => {
  const parley = await open();
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  await expectClipHeard(parley);
  await expect(parley.agentWords.first()).toHaveText(/\w+ \w+/);
  await expectAnsweredAloud(parley);
});

test("stop ends the conversation and the next one works", async ({ open }) => {
  const parley = await open();
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  await parley.stopButton.click();
  await expect(parley.status).toHaveText("Conversation ended");
  await parley.startButton.click();
  await expectClipHeard(parley);
  await expectAnsweredAloud(parley);
  await parley.stopButton.click();
  await expect(parley.status).toHaveText("Conversation ended");
  await expect(parley.startButton).toBeVisible();
});

test("typed words are answered aloud, without a microphone", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("Hello there");
  await expect(parley.userWords).toHaveText(["You: Hello there"]);
  await expect(parley.agentWords.first()).toHaveText(/\w+/);
  await expectAnsweredAloud(parley);
  await expect(parley.problems).toHaveCount(0);
});

test("a denied microphone is explained, and typing works on", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.startButton.click();
  await expect(parley.problems).toContainText("may not use the microphone");
  await expect(parley.problems).toContainText("Allow the microphone for this page");
  await parley.type("Hello there");
  await expectAnsweredAloud(parley);
});

test("stopping the agent marks what was not heard", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("What can you do?");
  await parley.stopSpeakingButton.click();
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
  await expect(parley.agentWords.first().locator(".unheard")).toHaveText(/\w+/);
});

test("speaking over the agent cuts it, and what was said is heard", async ({ open }) => {
  const parley = await open({ microphone: { leadMs: 3000, tailMs: 20_000 } });
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  await parley.type("What can you do?");
  await expect(parley.stopSpeakingButton).toBeVisible();
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
  await expect(parley.agentWords.first().locator(".unheard")).toHaveText(/\w+/);
  await expect(parley.agentWords).toHaveCount(2);
  await expectClipHeard(parley);
});

test("paused, the agent stands still in mid-word, and goes on from there", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("What can you do?");
  await expect.poll(async () => (await parley.played()).some(isAudible)).toBe(true);
  await parley.pauseButton.click();
  await expect(parley.status).toHaveText("Paused");
  // Longer than the second after which a client that is silent is taken to play on.
  await expect.poll(() => audibleSince(parley, 1_500)).toBe(false);
  await parley.pauseButton.click();
  await expect.poll(() => audibleSince(parley, 300)).toBe(true);
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed", { timeout: 30_000 });
});

/** Whether anything was heard in the last `windowMs`. */
async function audibleSince(parley: ParleyPage, windowMs: number): Promise<boolean> {
  return (await parley.played()).slice(-Math.ceil(windowMs / PLAYED_WINDOW_MS)).some(isAudible);
}
