import { describe, expect, it } from "vitest";
import type { TalkEvent } from "#contracts/events/talk-event";
import { createSeededRandom } from "#core/random/seeded-random";
import { ScriptedUser } from "./scripted-user";
import type { OverlapMoment, ScriptStep, UserEventKind, UserSound } from "./user-sound";

const FRAME_MS = 20;
const LOUD = new Float32Array(960).fill(0.2);
const SILENT = new Float32Array(960);

function sound(kind: UserEventKind, durationMs: number): UserSound {
  const samples = new Float32Array(durationMs * 16).fill(0.1);
  return {
    kind,
    detail: "",
    text: "words",
    voice: "v",
    levelDb: -20,
    samples,
    pauses: [{ startSample: 160, endSample: 320 }],
  };
}

/** An agent that answers `delayMs` after the user has stopped, for `answerMs`; it yields 300 ms after speech over it if `yields`. */
function simulate(steps: readonly ScriptStep[], agent: { delayMs: number; answerMs: number; yields?: boolean }) {
  const user = new ScriptedUser({ steps, randomOf: (step) => createSeededRandom(3, `user ${step}`), maxMs: 120_000 });
  const events: TalkEvent[] = [];
  const heard: Float32Array[] = [];
  let [spokeAtMs, overAtMs, startsAtMs, endsAtMs] = [-1, -1, Infinity, -1];
  for (let atMs = 0; atMs < 200_000; atMs += FRAME_MS) {
    const isTalking = atMs >= startsAtMs && atMs < endsAtMs;
    const context = { atMs, frameSamples: 320, played: isTalking ? LOUD : SILENT, agentIsAudible: isTalking, events };
    const frame = user.next(context);
    if (frame === undefined) return { user, heard, endedAtMs: atMs };
    heard.push(frame);
    const isSpeaking = frame.some((sample) => sample !== 0);
    if (isSpeaking && isTalking && overAtMs < 0) overAtMs = atMs;
    if (isSpeaking && !isTalking) {
      spokeAtMs = atMs;
      events.push({ type: "state", state: "endpointing", atMs });
    }
    if (isTalking && overAtMs >= 0 && agent.yields === true && atMs >= overAtMs + 300) endsAtMs = atMs;
    if (!isTalking && startsAtMs === Infinity && spokeAtMs >= 0 && atMs >= spokeAtMs + agent.delayMs) {
      [startsAtMs, endsAtMs] = [atMs + FRAME_MS, atMs + FRAME_MS + agent.answerMs];
      events.push({ type: "state", state: "responding", atMs });
      events.push({ type: "agent-playout-start", atMs: startsAtMs, positionSamples: 0 });
    }
    if (atMs >= endsAtMs && startsAtMs !== Infinity) {
      [startsAtMs, spokeAtMs, overAtMs] = [Infinity, -1, -1];
      events.push({ type: "agent-playout-end", atMs, positionSamples: 0 }, { type: "state", state: "listening", atMs });
    }
  }
  throw new Error("the script did not end");
}

const insistence = sound("insistence", 500);
const prompt = sound("question", 1_000);
const overlap = (kind: UserEventKind, moment: OverlapMoment): ScriptStep => ({
  type: "overlap",
  sound: sound(kind, 600),
  moment,
  prompt,
  insistence,
});

describe("a scripted user", () => {
  it("asks when the agent is silent, and asks the next thing after the answer", () => {
    const steps: ScriptStep[] = [1, 2].map(() => ({ type: "ask", sound: sound("question", 1_000) }));
    const { user } = simulate(steps, { delayMs: 500, answerMs: 2_000 });
    expect(user.events).toHaveLength(2);
    const [first, second] = user.events;
    expect(first?.isOverAgent).toBe(false);
    expect((second?.startMs ?? 0) - (first?.endMs ?? 0)).toBeGreaterThan(2_500 + 250);
    expect((second?.startMs ?? 0) - (first?.endMs ?? 0)).toBeLessThan(2_500 + 900);
  });

  it("knows to the sample where each sound and its pauses are in the microphone signal", () => {
    const { user, heard } = simulate([{ type: "ask", sound: sound("question", 1_000) }], {
      delayMs: 500,
      answerMs: 500,
    });
    const samples = heard.flatMap((frame) => [...frame]);
    const [event] = user.events;
    expect(samples.findIndex((sample) => sample !== 0) / 16).toBe(event?.startMs);
    expect((samples.findLastIndex((sample) => sample !== 0) + 1) / 16).toBe(event?.endMs);
    expect(event?.pauses).toEqual([{ startMs: (event?.startMs ?? 0) + 10, endMs: (event?.startMs ?? 0) + 20 }]);
  });

  it("does not wait for an answer for ever", () => {
    const { user, endedAtMs } = simulate([{ type: "ask", sound: sound("question", 1_000) }], {
      delayMs: 60_000,
      answerMs: 500,
    });
    expect(user.events).toHaveLength(1);
    expect(endedAtMs).toBeLessThan(120_000);
  });

  it("makes the agent talk, then speaks over it at the moment", () => {
    const { user } = simulate([overlap("backchannel", { place: "mid-word", afterMs: 1_000 })], {
      delayMs: 500,
      answerMs: 5_000,
    });
    expect(user.events.map((event) => [event.kind, event.isOverAgent, event.place])).toEqual([
      ["question", false, undefined],
      ["backchannel", true, "mid-word"],
    ]);
    const [asked, over] = user.events;
    expect((over?.startMs ?? 0) - (asked?.endMs ?? 0)).toBeGreaterThan(1_500);
    expect((over?.startMs ?? 0) - (asked?.endMs ?? 0)).toBeLessThan(1_600);
  });

  it("an interruption at the onset comes within the first 100 ms of the agent's voice", () => {
    const { user } = simulate([overlap("interruption", { place: "onset", afterMs: 60 })], {
      delayMs: 500,
      answerMs: 5_000,
      yields: true,
    });
    const [asked, over] = user.events;
    const intoTurnMs = (over?.startMs ?? 0) - (asked?.endMs ?? 0) - 500;
    expect(intoTurnMs).toBeGreaterThan(0);
    expect(intoTurnMs).toBeLessThan(160);
  });

  it("repeats an interruption that is not obeyed, and then gives up", () => {
    const moment = { place: "mid-word", afterMs: 500 } as const;
    const stubborn = simulate([overlap("interruption", moment)], { delayMs: 500, answerMs: 30_000 });
    expect(stubborn.user.events.filter(({ kind }) => kind === "insistence")).toHaveLength(3);
    const obedient = simulate([overlap("interruption", moment)], { delayMs: 500, answerMs: 30_000, yields: true });
    expect(obedient.user.events.filter(({ kind }) => kind === "insistence")).toHaveLength(0);
  });

  it("counts what it could not do because the agent did not talk", () => {
    const { user } = simulate([overlap("noise", { place: "mid-word", afterMs: 0 })], {
      delayMs: 60_000,
      answerMs: 500,
    });
    expect(user.missedSteps).toBe(1);
  });

  it("listens until the agent has talked for long enough", () => {
    const { user } = simulate([{ type: "listen", prompt, forMs: 9_000 }], { delayMs: 500, answerMs: 4_000 });
    expect(user.events).toHaveLength(3);
  });

  it("begins no step when its time is over", () => {
    const steps = Array.from({ length: 5 }, (): ScriptStep => ({ type: "ask", sound: sound("question", 1_000) }));
    const user = new ScriptedUser({ steps, randomOf: () => createSeededRandom(1, "user"), maxMs: 0 });
    expect(
      user.next({ atMs: 0, frameSamples: 320, played: SILENT, agentIsAudible: false, events: [] }),
    ).toBeUndefined();
  });
});
