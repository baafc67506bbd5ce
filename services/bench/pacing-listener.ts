import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import { dbToGain, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { SessionClient } from "#core/client/session-client";
import { createDeferred } from "#core/lifecycle/deferred";
import { createSeededRandom } from "#core/random/seeded-random";
import type { FrameArrival } from "./frame-jitter";
import { repeatSteadily } from "./repeat-steadily";

const MIC_RATE_HZ = 16_000;
const MIC_STEP_MS = 20;
const REPORT_MS = 100;
const LONGEST_MS = 60_000;
/** −60 dBFS, a quiet room: zeros would spare the listening side work that no real microphone does. */
const ROOM_PEAK = 32_768 * dbToGain(-60) * Math.sqrt(3);
const NOISE_SAMPLES = (MIC_RATE_HZ * MIC_STEP_MS) / 1000;
const NOISE_FRAMES = 50;

const random = createSeededRandom(1, "room");
const room = Array.from({ length: NOISE_FRAMES }, () =>
  Int16Array.from({ length: NOISE_SAMPLES }, () => Math.round(ROOM_PEAK * (2 * random() - 1))),
);

/** A live session with a microphone in a quiet room that has one answer spoken, and notes when each frame of it came. */
export async function listenToAnswer(url: string, request: string): Promise<FrameArrival[]> {
  const client = new SessionClient({ connect: createWsConnector(url), clock: systemClock });
  const arrivals: FrameArrival[] = [];
  const ended = createDeferred<void>();
  let micFrame = 0;
  const subscription = client.subscribe((event) => {
    if (event.type === "audio") arrivals.push({ atMs: systemClock.nowMs(), sampleIndex: event.frame.sampleIndex });
    else if (event.type === "message" && event.message.type === "error")
      ended.reject(new Error(`${event.message.code}: ${event.message.message}`));
    else if (event.type === "message" && event.message.type === "agent-turn-end") ended.resolve();
    else if (event.type === "connection" && event.connection.type === "ended")
      ended.reject(event.connection.error ?? new Error("the session ended"));
  });
  const positionSamples = (): number => {
    const [first] = arrivals;
    const last = arrivals.at(-1);
    if (first === undefined || last === undefined) return 0;
    const playedSamples = ((systemClock.nowMs() - first.atMs) / 1000) * VOICE_SAMPLE_RATE_HZ;
    return Math.floor(first.sampleIndex + Math.min(playedSamples, last.sampleIndex + 960 - first.sampleIndex));
  };
  const timers = [
    repeatSteadily(systemClock, MIC_STEP_MS, () =>
      client.sendMic(room[micFrame++ % NOISE_FRAMES] ?? new Int16Array(0)),
    ),
    repeatSteadily(systemClock, REPORT_MS, () => client.reportPlayout(positionSamples())),
    systemClock.setTimer(LONGEST_MS, () => ended.reject(new Error("no end of the answer within 60 s"))),
  ];
  try {
    await client.start({ sampleRateHz: MIC_RATE_HZ, token: undefined, voice: undefined });
    client.sendText(request);
    await ended.promise;
    return arrivals;
  } finally {
    for (const timer of timers) timer.dispose();
    subscription.dispose();
    client.bye();
  }
}
