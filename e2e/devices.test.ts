import { hum } from "#testing/fake-orchestrator-session";
import { isAudible } from "./audio-tap";
import { fakeDevices, playedSamples, plugBack, switchMicrophoneOff, unplug } from "./faked-devices";
import { expect, test, type OpenOptions } from "./fixtures";
import type { ParleyPage } from "./pages/parley-page";

const RATE_HZ = 48_000;
type Open = (options?: OpenOptions) => Promise<ParleyPage>;

/** A laptop with a headset, which comes first. */
async function openWithHeadset(open: Open, options?: OpenOptions): Promise<ParleyPage> {
  const parley = await open(options);
  await fakeDevices(parley.page);
  await parley.page.reload();
  return parley;
}

async function startTalking(parley: ParleyPage): Promise<void> {
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
}

test("a headset unplugged in mid-answer: a short silence, no word lost, and it is said what is used now", async ({
  open,
}) => {
  const parley = await openWithHeadset(open, { microphone: { leadMs: 30_000, tailMs: 1 } });
  await startTalking(parley);
  await parley.type("What can you do?");
  await expect.poll(() => parley.playoutReports.at(-1) ?? 0).toBeGreaterThan(RATE_HZ);
  await unplug(parley.page, "Headset");
  await expect(parley.problems.filter({ hasText: "Using Laptop speakers." })).toContainText("Headset gone.");
  await expect(parley.problems.filter({ hasText: "Using Laptop microphone." })).toContainText("Headset gone.");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");

  const samples = await playedSamples(parley.page);
  expect(longestSilence(samples) / RATE_HZ, "seconds of silence").toBeLessThanOrEqual(1);
  // How far the answer lags behind a speaker that never stops; a word lost would be a step down.
  const lags = whereInAnswer(samples).map(({ at, position }) => at - position);
  const steps = lags.map((lag, i) => ((lag - (lags[i - 1] ?? lag)) * 1000) / RATE_HZ);
  expect(Math.min(...steps), "ms lost").toBeGreaterThanOrEqual(0);
  expect(Math.max(...steps), "ms of silence, and of what was on its way when the plug was pulled").toBeGreaterThan(250);
  const reported = parley.playoutReports.map((position, i) => position - (parley.playoutReports[i - 1] ?? 0));
  expect(Math.min(...reported), "the position never goes back").toBeGreaterThan(0);
});

/** Between sounds, in samples. */
function longestSilence(samples: readonly number[]): number {
  const loud = samples.flatMap((sample, i) => (sample === 0 ? [] : [i]));
  return loud.reduce((longest, at, i) => Math.max(longest, at - (loud[i - 1] ?? at)), 0);
}

const WINDOW_SAMPLES = 2400;

/** Which part of the agent's answer is heard when, in samples. Windows with a cut or a fade in them are left out. */
function whereInAnswer(samples: readonly number[]): { at: number; position: number }[] {
  const answer = Float32Array.from(
    Array.from({ length: 195 }, (_, frame) => [...hum(frame * 960)].map((sample) => sample / 32_768)).flat(),
  );
  const found: { at: number; position: number }[] = [];
  for (let at = 0; at + WINDOW_SAMPLES < samples.length; at += WINDOW_SAMPLES) {
    const position = findIn(answer, samples.slice(at, at + WINDOW_SAMPLES));
    if (position !== undefined) found.push({ at, position });
  }
  return found;
}

function findIn(answer: Float32Array, window: readonly number[]): number | undefined {
  if (window.every((sample) => Math.abs(sample) < 0.01)) return undefined;
  const isSame = (sample: number, i: number): boolean => Math.abs(sample - (window[i] ?? 0)) < 1e-4;
  for (let at = 0; at + window.length < answer.length; at++)
    if (isSame(answer[at] ?? 0, 0) && answer.subarray(at, at + window.length).every(isSame)) return at;
  return undefined;
}

test("a device that comes back is used again by choice, or from the next conversation on", async ({ open }) => {
  const parley = await openWithHeadset(open, { microphone: { leadMs: 30_000, tailMs: 1 } });
  const { page } = parley;
  const speakers = page.getByRole("list", { name: "Speakers" });
  const headset = speakers.getByRole("listitem").filter({ hasText: "Headset" });
  const laptop = speakers.getByRole("listitem").filter({ hasText: "Laptop speakers" });
  await startTalking(parley);
  await page.getByRole("link", { name: "Devices" }).click();
  await expect(headset).toContainText("In use");
  await unplug(page, "Headset");
  await expect(headset).toContainText("Not connected");
  await expect(laptop).toContainText("In use");
  await plugBack(page);
  await expect(headset).toContainText("Next in line");
  await expect(laptop).toContainText("In use");
  await speakers.getByRole("button", { name: "Use Headset" }).click();
  await expect(headset).toContainText("In use");
});

test("a microphone that gives only zeros is explained while it does", async ({ open }) => {
  const parley = await openWithHeadset(open, { microphone: { leadMs: 30_000, tailMs: 1 } });
  await startTalking(parley);
  await switchMicrophoneOff(parley.page, true);
  await expect(parley.problems).toContainText("The microphone gives only silence.");
  await expect(parley.problems).toContainText("mute switch");
  await switchMicrophoneOff(parley.page, false);
  await expect(parley.problems).toHaveCount(0);
});

test("devices can be ranked by keyboard, and the order is remembered", async ({ open }) => {
  const parley = await openWithHeadset(open);
  const { page } = parley;
  await page.getByRole("link", { name: "Devices" }).click();
  const microphones = page.getByRole("list", { name: "Microphones" });
  const names = microphones.locator(".device-name > :first-child");
  await expect(names).toHaveText(["Headset", "Laptop microphone"]);
  await microphones.getByRole("button", { name: "Move down: Headset" }).focus();
  await page.keyboard.press("Enter");
  await expect(names).toHaveText(["Laptop microphone", "Headset"]);
  await expect(microphones.getByRole("button", { name: "Move up: Headset" })).toBeFocused();
  await page.keyboard.press("Alt+ArrowUp");
  await expect(names).toHaveText(["Headset", "Laptop microphone"]);
  await page.keyboard.press("Alt+ArrowDown");
  await page.reload();
  await expect(names).toHaveText(["Laptop microphone", "Headset"]);
});

test("hear yourself records, says how it was, and plays it back; the chime is heard", async ({ open }) => {
  const parley = await openWithHeadset(open, { microphone: { leadMs: 2000, tailMs: 10_000 } });
  const { page } = parley;
  await page.getByRole("link", { name: "Devices" }).click();
  await page.getByRole("button", { name: "Hear yourself" }).click();
  await expect(page.getByText("This is how Parley hears you.")).toBeVisible();
  await expect.poll(async () => (await parley.played()).some(isAudible)).toBe(true);
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(page.getByText("You sound fine.")).toBeVisible();
  await page.getByRole("button", { name: "Play a chime" }).click();
  await expect(page.getByText("Playing: three notes upwards.")).toBeVisible();
  await expect(page.getByText("Nothing heard?")).toBeVisible();
});
