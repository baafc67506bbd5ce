import type { Page } from "playwright";
import { systemClock } from "#adapters/system/system-clock";
import { sleep } from "#core/lifecycle/sleep";
import { single, spread, type Measure } from "#score/figures/measure";
import { watchFrames, type Frames } from "./page-probe";
import type { ScriptedPage } from "./scripted-page";

const WATCH_MS = 10_000;
const CAPTIONS_PER_SECOND = 60;
/** What a long conversation has on the page already. */
const EARLIER_TURNS = 200;
const WORKERS = 1_000;
const FLEET_PUSH_MS = 2_000;
/** Between two orders of the table; no divisor of the time between pushes, so that both meet in every phase. */
const SORT_MS = 700;
const SCROLL_MS = 100;
const SORTED_BY = ["Load", "First audio", "Real-time factor", "Heartbeat", "State", "Worker"];
const FRAME_GOAL_MS = 50;
const never = new AbortController().signal;

/** What the machine does to a page that has nothing to do. */
export async function measureEmptyPage(page: Page): Promise<Record<string, Measure>> {
  await page.goto("about:blank");
  await page.setContent("<title>Empty</title>");
  const { gapsMs } = await watchFrames(page, () => sleep(systemClock, WATCH_MS, never));
  return {
    "an empty page, for comparison: from frame to frame": { ...spread("ms", gapsMs), n: gapsMs.length },
    "an empty page, for comparison: longest": single("ms", Math.max(...gapsMs)),
  };
}

/** Opens the page and talks. */
export async function startScriptedTalk(page: Page, url: string): Promise<void> {
  await page.goto(url);
  await page.getByRole("button", { name: "Start talking" }).click();
  await page.getByText("Listening").waitFor();
}

/** Sixty times a second other words on the page, under a long conversation. */
export async function measureCaptions(page: Page, served: ScriptedPage): Promise<Record<string, Measure>> {
  for (let turn = 1; turn <= EARLIER_TURNS; turn++) {
    served.say({ type: "user-transcript-end", text: `Question number ${turn}, which is about as long as most are.` });
    const text = `Answer number ${turn}. It is of two sentences, so that there is something to lay out.`;
    served.say({ type: "agent-turn-start", turn });
    served.say({ type: "agent-text-delta", turn, text });
    served.say({ type: "agent-turn-end", turn, heardText: text, unheardText: "", reason: "completed" });
  }
  await page.getByText(`Answer number ${EARLIER_TURNS}.`).waitFor();
  let sent = 0;
  const frames = await watchFrames(page, () =>
    during(WATCH_MS, 1000 / CAPTIONS_PER_SECOND, () => {
      sent += 1;
      served.say({ type: "user-transcript-delta", text: "word ".repeat(1 + (sent % 40)) + String(sent) });
    }),
  );
  served.say({ type: "user-transcript-end", text: "That is all." });
  return judgeFrames(`${CAPTIONS_PER_SECOND} captions a second after ${EARLIER_TURNS} turns`, frames);
}

/** All figures of a large fleet change every two seconds while somebody scrolls the table and sorts it anew. */
export async function measureFleet(page: Page, served: ScriptedPage): Promise<Record<string, Measure>> {
  await page.getByRole("link", { name: "Fleet" }).click();
  await page.getByRole("heading", { name: "Fleet" }).waitFor();
  served.pushFleet(WORKERS);
  await page.getByText(/1,?000 workers/).waitFor();
  await page.getByRole("region", { name: "List of workers" }).hover();
  let sorts = 0;
  const frames = await watchFrames(page, () =>
    during(WATCH_MS, SCROLL_MS, (tick) => {
      const passedMs = tick * SCROLL_MS;
      if (passedMs % FLEET_PUSH_MS === 0) served.pushFleet(WORKERS);
      if (passedMs % SORT_MS === 0) sortBy(page, SORTED_BY[sorts++ % SORTED_BY.length] ?? "");
      else page.mouse.wheel(0, passedMs % 2_000 < 1_000 ? 300 : -300).catch(() => undefined);
    }),
  );
  const lastSort = SORTED_BY[(sorts - 1) % SORTED_BY.length];
  await page.locator('[role="columnheader"][aria-sort]', { hasText: lastSort }).waitFor();
  await page.getByRole("link", { name: "Talk" }).click();
  return judgeFrames(`1,000 workers, new figures every 2 s, sorted ${sorts} times, scrolled`, frames);
}

/** By the page's own script: Playwright would look at the whole page before each click. */
function sortBy(page: Page, title: string): void {
  const click = `[...document.querySelectorAll('[role="columnheader"] button')].find((b) => b.textContent.startsWith(${JSON.stringify(title)})).click()`;
  page.evaluate(click).catch(() => undefined);
}

function judgeFrames(what: string, { gapsMs, longTasksMs }: Frames): Record<string, Measure> {
  return {
    [`${what}: from frame to frame`]: { ...spread("ms", gapsMs), n: gapsMs.length },
    [`${what}: longest`]: single("ms", Math.max(...gapsMs), { atMost: FRAME_GOAL_MS }),
    [`${what}: the page's longest piece of work`]: single("ms", Math.max(0, ...longTasksMs), { atMost: FRAME_GOAL_MS }),
  };
}

/** Calls back every `intervalMs` for `durationMs`; what a late timer missed is made up for. */
async function during(durationMs: number, intervalMs: number, act: (tick: number) => void): Promise<void> {
  const startMs = systemClock.nowMs();
  for (let tick = 0; tick * intervalMs < durationMs;) {
    while (tick * intervalMs <= systemClock.nowMs() - startMs) act(tick++);
    await sleep(systemClock, 4, never);
  }
}
