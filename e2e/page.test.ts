import { MAX_PLAYOUT_REPORT_INTERVAL_MS } from "#contracts/protocol/limits";
import { msToSamples, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { isAudible } from "./audio-tap";
import { expectAnsweredAloud } from "./conversation-checks";
import { expect, test } from "./fixtures";

/** How far the agent's clock may go from one report to the next. */
const MAX_REPORT_STEP_SAMPLES = msToSamples(MAX_PLAYOUT_REPORT_INTERVAL_MS, VOICE_SAMPLE_RATE_HZ);
const REPLY_SAMPLES = 13 * 48_000 * 0.3;

test("the token leaves the address bar and a reload still has it", async ({ open }) => {
  const parley = await open();
  expect(new URL(parley.page.url()).hash).toBe("");
  await parley.page.reload();
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
});

test("a partial transcript is shown as such until it is final", async ({ open }) => {
  const parley = await open();
  await parley.startButton.click();
  await expect(parley.userWords).toHaveAttribute("data-final", "false");
  await expect(parley.status).toHaveText("Hearing you");
  await expect(parley.userWords).toHaveAttribute("data-final", "true");
  await expect(parley.userWords).toHaveText("You: he was not an ill disposed young man");
});

test("the microphone's level is shown while it hears", async ({ open }) => {
  const parley = await open();
  await parley.startButton.click();
  await expect
    .poll(async () => Number(await parley.page.getByTestId("level-meter").getAttribute("data-lit")))
    .toBeGreaterThan(6);
});

test("the playout position is reported in steps of at most 100 ms, up to the last sample", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("Hello");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
  const reports = parley.playoutReports;
  const steps = reports.map((position, i) => position - (reports[i - 1] ?? 0));
  expect(Math.max(...steps)).toBeLessThanOrEqual(MAX_REPORT_STEP_SAMPLES);
  expect(Math.min(...steps)).toBeGreaterThan(0);
  expect(reports.at(-1)).toBe(REPLY_SAMPLES);
});

test("after a stop nothing more is heard of the answer", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("Hello");
  await expect.poll(async () => (await parley.played()).some(isAudible)).toBe(true);
  await parley.page.keyboard.press("Escape");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
  const windowsBefore = (await parley.played()).length;
  await expect.poll(async () => (await parley.played()).length).toBeGreaterThan(windowsBefore + 10);
  expect((await parley.played()).slice(windowsBefore + 2).some(isAudible)).toBe(false);
});

test("a dropped connection is resumed and the transcript stands", async ({ open, orchestrator }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("Hello");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
  orchestrator.fake?.dropConnections();
  await expect.poll(() => parley.socketCount).toBe(2);
  await expect(parley.status).toHaveText("Waiting for your text");
  await parley.type("Again");
  await expect(parley.userWords).toHaveText(["You: Hello", "You: Again"]);
  await expect(parley.agentWords).toHaveCount(2);
});

test("a denied microphone is explained, and typing works on", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.startButton.click();
  await expect(parley.problems).toContainText("may not use the microphone");
  await expect(parley.problems).toContainText("Allow the microphone for this page");
  await parley.type("Hello there");
  await expectAnsweredAloud(parley);
});

test("a missing microphone is explained", async ({ open }) => {
  const parley = await open({ microphone: "missing" });
  await parley.startButton.click();
  await expect(parley.problems).toContainText("No microphone was found");
});

test("a wrong token is explained", async ({ open, orchestrator }) => {
  const parley = await open({ url: orchestrator.url.replace(/#.*/, "#token=wrong") });
  await parley.startButton.click();
  await expect(parley.problems).toContainText("The token is missing or wrong.");
  await expect(parley.startButton).toBeVisible();
});

test("an orchestrator that is gone is explained, and the page can try again", async ({ open, orchestrator }) => {
  const parley = await open();
  await orchestrator.fake?.close();
  await parley.startButton.click();
  await expect(parley.problems).toContainText("The orchestrator cannot be reached.");
  await expect(parley.startButton).toBeVisible();
});

for (const [duplex, words] of [
  ["ducking", "The loudspeakers are loud at the microphone: Parley speaks more quietly"],
  ["half", "Parley hears itself: it does not listen while it speaks. Press Stop to cut in, or use headphones."],
] as const)
  test(`an echo that allows ${duplex} only is told, with what to do`, async ({ open, orchestrator }) => {
    if (orchestrator.fake !== undefined) orchestrator.fake.script.duplex = duplex;
    const parley = await open();
    await parley.startButton.click();
    await expect(parley.page.getByRole("status").filter({ hasText: words })).toBeVisible();
  });

test("voice, brain and banner of the session are shown, and the chosen voice stays", async ({ open, orchestrator }) => {
  if (orchestrator.fake !== undefined) orchestrator.fake.script.banner = "Workers on other machines cannot join.";
  const parley = await open();
  await parley.startButton.click();
  await expect(parley.page.getByRole("note")).toHaveText("Workers on other machines cannot join.");
  await expect(parley.page.getByText("Scripted replies (test)")).toBeVisible();
  const voice = parley.page.getByLabel("Voice");
  await voice.selectOption("awb");
  await parley.stopButton.click();
  await parley.startButton.click();
  await expect(parley.status).toHaveText("Listening");
  await expect(voice).toHaveValue("awb");
});

test("everything can be done with the keyboard alone", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.message.focus();
  await parley.page.keyboard.type("Hello");
  await parley.page.keyboard.press("Tab");
  await parley.page.keyboard.press("Enter");
  await expect(parley.stopSpeakingButton).toBeVisible();
  await parley.stopSpeakingButton.focus();
  await parley.page.keyboard.press("Space");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
});

for (const widthPx of [320, 768, 1600]) {
  test(`nothing is cut off at ${widthPx} px`, async ({ open, orchestrator }) => {
    if (orchestrator.fake !== undefined)
      orchestrator.fake.script.banner = "A rather long notice, so that lines must wrap somewhere.";
    const parley = await open({ context: { viewport: { width: widthPx, height: 640 } } });
    await parley.startButton.click();
    await expect(parley.agentWords).toHaveCount(1, { timeout: 20_000 });
    await expect(parley.stopSpeakingButton).toBeVisible();
    const overflowPx = await parley.page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    );
    expect(overflowPx).toBe(0);
    await expect(parley.stopButton).toBeInViewport({ ratio: 1 });
    await expect(parley.message).toBeInViewport({ ratio: 1 });
  });
}

test("the figure of the latency stands on one line beside all else that the header tells", async ({
  open,
  orchestrator,
}) => {
  if (orchestrator.fake !== undefined)
    orchestrator.fake.script.brainLabel = "A language model with a rather long name, on another computer";
  const parley = await open({ microphone: "denied", context: { viewport: { width: 700, height: 640 } } });
  await parley.type("Hello");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
  const figure = parley.page.locator(".latency-button");
  await expect(figure).toContainText("ms");
  expect((await figure.boundingBox())?.height).toBeLessThan(40);
});

for (const [width, height] of [
  [640, 400],
  [320, 256],
] as const) {
  test(`words and buttons have room at ${width} × ${height}, as at a high zoom`, async ({ open }) => {
    const parley = await open({ microphone: "denied", context: { viewport: { width, height } } });
    await parley.type("Hello");
    const words = parley.page.getByRole("main");
    await words.scrollIntoViewIfNeeded();
    expect(await words.evaluate(({ clientHeight }) => clientHeight)).toBeGreaterThanOrEqual(120);
    for (const part of [parley.startButton, parley.message, parley.page.getByRole("button", { name: "Keys" })]) {
      await part.scrollIntoViewIfNeeded();
      await expect(part).toBeInViewport({ ratio: 1 });
    }
  });
}
