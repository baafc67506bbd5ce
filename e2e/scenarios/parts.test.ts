import { expectAnsweredAloud, expectNoWordLost } from "../conversation-checks";
import type { ParleyPage } from "../pages/parley-page";
import type { Part, World } from "../worlds/world";
import { expect, test } from "./scenario";

const SECOND_SAMPLES = 48_000;

test("[TT34] the worker killed in mid-sentence: it is started again, and no word is lost", async ({ world }) => {
  const { parley } = world;
  await speakFor(parley, SECOND_SAMPLES);
  const pid = await strike(world, "tts-worker", "SIGKILL");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed", { timeout: 40_000 });
  expectNoWordLost(parley);
  expect(await world.pidOf("tts-worker")).not.toBe(pid);
  await expect(parley.problems).toHaveCount(0);
  await parley.type("Hello there");
  await expect(parley.agentWords.nth(1)).toHaveAttribute("data-outcome", "completed");
});

test("parts that freeze or die come back, the window says so, and one can talk on", async ({ world }) => {
  const { page, parley } = world;
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  const signals = [
    ["tts-worker", "SIGSTOP", "The voice stopped"],
    ["ears", "SIGKILL", "Speech recognition stopped"],
    ["orchestrator", "SIGKILL", "The conversation service stopped"],
  ] as const;
  const notice = page.getByRole("status", { name: "Parts of Parley" });
  for (const [part, signal, words] of signals) {
    const pid = await strike(world, part, signal);
    if (world.host === "electron") await expect(notice).toContainText(words);
    await expect.poll(async () => (await world.pidOf(part)) ?? pid).not.toBe(pid);
    if (world.host === "electron") await expect(notice).toHaveText("");
  }
  await expect(parley.problems.filter({ hasText: "a new one has begun" })).toBeVisible();
  await expect.poll(async () => isReady(await world.address()), { timeout: 20_000 }).toBe(true);
  await parley.type("Hello there");
  await expectAnsweredAloud(parley);
});

function isReady(address: string): Promise<boolean> {
  return fetch(`${address}readyz`).then(
    ({ ok }) => ok,
    () => false,
  );
}

/** Asks for a long answer, and waits until that much of it has been heard. */
async function speakFor(parley: ParleyPage, samples: number): Promise<void> {
  const reportCount = parley.playoutReports.length;
  await parley.type("What can you do?");
  await expect.poll(() => parley.playoutReports.slice(reportCount).at(-1) ?? 0).toBeGreaterThan(samples);
}

/** Returns the process id of the part that gets the signal. */
async function strike(world: World, part: Part, signal: NodeJS.Signals): Promise<number> {
  const pid = await world.pidOf(part);
  if (pid === undefined) throw new Error(`${part} does not run`);
  process.kill(pid, signal);
  return pid;
}
