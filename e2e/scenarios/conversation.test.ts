import { isAudible, PLAYED_WINDOW_MS } from "../audio-tap";
import { expectAnsweredAloud, expectClipHeard } from "../conversation-checks";
import type { ParleyPage } from "../pages/parley-page";
import { expect, test } from "./scenario";

test("a spoken question is heard, shown, and answered aloud; stopped, the next conversation works", async ({
  world: { parley },
}) => {
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  await expectClipHeard(parley);
  await expect(parley.agentWords.first()).toHaveText(/\w+ \w+/);
  await expectAnsweredAloud(parley);
  await parley.stopButton.click();
  await expect(parley.status).toHaveText("Conversation ended");
  await parley.startButton.click();
  await expect(parley.userWords).toHaveCount(0);
  await expectClipHeard(parley);
});

test("speaking over the agent cuts it, and what was said is heard", async ({ world: { home, page, parley } }) => {
  home.hear({ leadMs: 4000, tailMs: 20_000 });
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  await parley.type("What can you do?");
  await expect(parley.stopSpeakingButton).toBeVisible();
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
  await expect(parley.agentWords.first().locator(".unheard")).toHaveText(/\w+/);
  await expect(parley.agentWords).toHaveCount(2);
  await expectClipHeard(parley);
  await expect(page.getByRole("alert")).toHaveCount(0);
});

test("typed words are answered aloud, without a microphone; stopping marks what was not heard", async ({
  world: { parley },
}) => {
  await parley.type("What can you do?");
  await expect(parley.userWords).toHaveText(["You: What can you do?"]);
  await expectAnsweredAloud(parley);
  await parley.stopSpeakingButton.click();
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
  await expect(parley.agentWords.first().locator(".unheard")).toHaveText(/\w+/);
  await expect(parley.problems).toHaveCount(0);
});

test("paused, the agent stands still in mid-word, and goes on from there", async ({ world: { parley } }) => {
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
