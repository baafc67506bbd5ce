import { fileURLToPath } from "node:url";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import { SessionClient } from "#core/client/session-client";
import { places } from "../bin/places";
import type { Benchmark } from "./benchmark";
import { single, spread } from "#score/figures/measure";
import { startApp } from "./started-app";

const RUN_COUNT = 3;
const READY_GOAL_MS = 10_000;
const REPOSITORY = fileURLToPath(new URL("../../", places.entryFolder));

interface Start {
  printedMs: number;
  talkingMs: number;
}

export const startBenchmark: Benchmark = {
  name: "start",
  description: "npm start, already built, to a page with which one can talk (1 min)",
  async run(context) {
    context.progress("first start, not counted: builds what is stale");
    await measureStart();
    const starts: Start[] = [];
    for (let run = 1; run <= RUN_COUNT; run++) {
      const start = await measureStart();
      context.progress(`start ${run}: ${Math.round(start.talkingMs)} ms`);
      starts.push(start);
    }
    const talkingMs = starts.map((start) => start.talkingMs);
    return {
      n: starts.length,
      measures: {
        "npm start to page served, ready and session started, slowest": single("ms", Math.max(...talkingMs), {
          atMost: READY_GOAL_MS,
        }),
        "npm start to session started": spread("ms", talkingMs),
        "npm start to address printed": spread(
          "ms",
          starts.map((start) => start.printedMs),
        ),
      },
    };
  },
};

async function measureStart(): Promise<Start> {
  const startAtMs = systemClock.nowMs();
  const app = await startApp(REPOSITORY);
  try {
    const printedMs = systemClock.nowMs() - startAtMs;
    await checkPage(app.pageUrl);
    await checkReady(app.pageUrl);
    await checkSession(app);
    return { printedMs, talkingMs: systemClock.nowMs() - startAtMs };
  } finally {
    await app.stop();
  }
}

/** The page, and the script without which it is empty. */
async function checkPage(pageUrl: string): Promise<void> {
  const page = await fetch(pageUrl);
  const [, script] = /<script[^>]+src="([^"]+)"/.exec(await page.text()) ?? [];
  if (!page.ok || script === undefined) throw new Error(`the page was answered with ${page.status} and has no script`);
  const code = await fetch(new URL(script, pageUrl));
  if (!code.ok) throw new Error(`the page's script was answered with ${code.status}`);
  await code.arrayBuffer();
}

/** The printed address is a promise that everything is ready: there is no second try. */
async function checkReady(pageUrl: string): Promise<void> {
  const ready = await fetch(new URL("readyz", pageUrl));
  if (!ready.ok) throw new Error(`/readyz was answered with ${ready.status}: ${await ready.text()}`);
}

async function checkSession({ pageUrl, token }: { pageUrl: string; token: string }): Promise<void> {
  const client = new SessionClient({ connect: createWsConnector(pageUrl.replace(/^http/, "ws")), clock: systemClock });
  await client.start({ sampleRateHz: 48_000, token });
  client.bye();
}
