import { chromium, type Page } from "playwright";
import { systemClock } from "#adapters/system/system-clock";
import { sleep } from "#core/lifecycle/sleep";
import { single, spread, type Measure } from "#score/figures/measure";
import type { Benchmark, BenchmarkContext } from "./benchmark";
import { heldHeapBytes, watchFrames, type Frames } from "./page-probe";
import { serveScriptedPage, type ScriptedPage } from "./scripted-page";
import { measureWindowStarts } from "./window-starts";

const WATCH_MS = 10_000;
const CAPTIONS_PER_SECOND = 60;
/** What a long conversation has on the page already. */
const EARLIER_TURNS = 200;
const WORKERS = 1_000;
const FLEET_PUSH_MS = 2_000;
const FRAME_GOAL_MS = 50;
const IDLE_MS = 10 * 60_000;
const IDLE_GOAL_MB = 4;
/** The first words, the meter and the microphone are there before the count begins. */
const SETTLE_MS = 15_000;
const never = new AbortController().signal;

export const uiBenchmark: Benchmark = {
  name: "ui",
  description: "window to interactive; frames under captions and 1,000 workers; ten idle minutes (12 min)",
  async run(context) {
    const starts = await measureWindowStarts(context);
    const served = await serveScriptedPage();
    const browser = await chromium.launch({
      executablePath: process.env["PARLEY_CHROMIUM"] ?? "/usr/bin/chromium",
      args: [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        "--autoplay-policy=no-user-gesture-required",
        "--js-flags=--expose-gc",
      ],
    });
    try {
      const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
      await page.goto(served.url);
      await page.getByRole("button", { name: "Start talking" }).click();
      await page.getByText("Listening").waitFor();
      const measures = {
        ...starts.measures,
        ...judgeFrames("60 captions a second after 200 turns", await watchCaptions(context, page, served)),
        ...judgeFrames("1,000 workers, scrolled and sorted", await watchFleet(context, page, served)),
        ...(await measureIdle(context, page)),
      };
      return { n: starts.count, measures };
    } finally {
      await browser.close();
      await served.close();
    }
  },
};

async function watchCaptions(context: BenchmarkContext, page: Page, served: ScriptedPage): Promise<Frames> {
  for (let turn = 1; turn <= EARLIER_TURNS; turn++) {
    served.say({ type: "user-transcript-end", text: `Question number ${turn}, which is about as long as most are.` });
    const text = `Answer number ${turn}. It is of two sentences, so that there is something to lay out.`;
    served.say({ type: "agent-turn-start", turn });
    served.say({ type: "agent-text-delta", turn, text });
    served.say({ type: "agent-turn-end", turn, heardText: text, unheardText: "", reason: "completed" });
  }
  await page.getByText(`Answer number ${EARLIER_TURNS}.`).waitFor();
  context.progress("60 captions a second");
  const frames = await watchFrames(page, () => sendCaptions(served));
  served.say({ type: "user-transcript-end", text: "That is all." });
  return frames;
}

/** Each one other words on the page. */
async function sendCaptions(served: ScriptedPage): Promise<void> {
  let sent = 0;
  await during(WATCH_MS, 1000 / CAPTIONS_PER_SECOND, () => {
    sent += 1;
    served.say({ type: "user-transcript-delta", text: "word ".repeat(1 + (sent % 40)) + String(sent) });
  });
}

async function watchFleet(context: BenchmarkContext, page: Page, served: ScriptedPage): Promise<Frames> {
  await page.getByRole("link", { name: "Fleet" }).click();
  await page.getByRole("heading", { name: "Fleet" }).waitFor();
  served.pushFleet(WORKERS);
  await page.getByText(/1,?000 workers/).waitFor();
  context.progress("1,000 workers");
  const frames = await watchFrames(page, async () => {
    let passed = 0;
    await during(WATCH_MS, 100, () => {
      passed += 100;
      if (passed % FLEET_PUSH_MS === 0) served.pushFleet(WORKERS);
      void page.mouse.wheel(0, passed % 2_000 < 1_000 ? 300 : -300).catch(() => undefined);
    });
  });
  await page.getByRole("link", { name: "Talk" }).click();
  return frames;
}

async function measureIdle(context: BenchmarkContext, page: Page): Promise<Record<string, Measure>> {
  const devtools = await page.context().newCDPSession(page);
  await sleep(systemClock, SETTLE_MS, never);
  const before = await heldHeapBytes(devtools);
  for (let minute = 1; minute <= IDLE_MS / 60_000; minute++) {
    await sleep(systemClock, 60_000, never);
    context.progress(`idle minute ${minute}`);
  }
  const after = await heldHeapBytes(devtools);
  const added = (after - before) / 1e6;
  return {
    "ten idle minutes of a conversation, added to what the page holds": single("MB", added, { atMost: IDLE_GOAL_MB }),
  };
}

function judgeFrames(what: string, { gapsMs, longTasksMs }: Frames): Record<string, Measure> {
  return {
    [`${what}: the page's longest piece of work`]: single("ms", Math.max(0, ...longTasksMs), { atMost: FRAME_GOAL_MS }),
    [`${what}: from frame to frame`]: spread("ms", gapsMs),
    [`${what}: longest time between two frames`]: single("ms", Math.max(...gapsMs), { atMost: FRAME_GOAL_MS }),
  };
}

/** Calls back every `intervalMs` for `durationMs`; what a late timer missed is made up for. */
async function during(durationMs: number, intervalMs: number, act: () => void): Promise<void> {
  const startMs = systemClock.nowMs();
  for (let acted = 0; acted * intervalMs < durationMs;) {
    while (acted * intervalMs <= systemClock.nowMs() - startMs) {
      act();
      acted += 1;
    }
    await sleep(systemClock, 4, never);
  }
}
