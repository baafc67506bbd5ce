import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { TalkEvent } from "#contracts/events/talk-event";
import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import { rms } from "#core/audio/pcm";
import { silentLogger } from "#core/ports/logger";
import type { SimulatedMicrophone } from "#core/talk/simulated-microphone";
import { wordErrors } from "#core/text/word-error-rate";
import { trimSilence } from "#score/audio/level";
import { loadSpeechClip } from "#testing/speech-fixtures";
import { runConversation, type SimulationOptions } from "./run-conversation";
import { openSimulationEngines, type SimulationEngines } from "./simulation-engines";

const clip = loadSpeechClip("0880");
const config = OrchestratorConfig.parse({ brain: { kind: "builtin" } });

describe("a conversation on a virtual clock", () => {
  let engines: SimulationEngines;
  beforeAll(async () => {
    engines = await openSimulationEngines({ log: silentLogger });
  });
  afterAll(() => engines.close());

  async function say(text: string): Promise<Float32Array> {
    const { samples } = await engines.voice.synthesize({
      modelId: "flite-rms",
      tokens: engines.normalizer.normalize(text),
      signal: new AbortController().signal,
    });
    return trimSilence(samples, EARS_SAMPLE_RATE_HZ);
  }

  const run = (microphone: SimulatedMicrophone, options: Partial<SimulationOptions> = {}) =>
    runConversation(engines, { config, tailMs: 300, maxMs: 60_000, ...options, microphone });

  it("is heard, answered and played in full, on one clock", async () => {
    const { events, speaker, microphone, endedAtMs, error } = await run(saying([clip.samples]));
    expect(error).toBeUndefined();
    const heard = of(events, "user-transcript-end").map((event) => event.text);
    expect(wordErrors(clip.reference, heard.join(" ")).errors).toBeLessThanOrEqual(2);
    const [end] = of(events, "agent-turn-end");
    expect(end).toMatchObject({ reason: "completed", unheardText: "" });
    const startMs = of(events, "agent-playout-start")[0]?.atMs ?? 0;
    expect(rms(speaker.subarray(0, startMs * 48))).toBe(0);
    expect(rms(speaker.subarray(startMs * 48, (startMs + 1_000) * 48))).toBeGreaterThan(0.01);
    expect([...microphone.subarray(0, clip.samples.length)]).toEqual([...clip.samples]);
    expect(endedAtMs).toBe(speaker.length / 48);
    const times = events.filter(({ type }) => type !== "user-audio-end").map((event) => Math.floor(event.atMs / 10));
    expect(times).toEqual([...times].sort((a, b) => a - b));
  });

  it("is the same each time, to the byte", async () => {
    const first = await run(interrupting(), { maxMs: 9_000 });
    const second = await run(interrupting(), { maxMs: 9_000 });
    expect(JSON.stringify(second.events)).toBe(JSON.stringify(first.events));
    expect(Buffer.from(second.speaker.buffer).equals(Buffer.from(first.speaker.buffer))).toBe(true);
  });

  it("a user who reacts to the agent cuts it off", async () => {
    const { events } = await run(interrupting(), { maxMs: 9_000 });
    const startMs = of(events, "agent-playout-start")[0]?.atMs ?? 0;
    const [end] = of(events, "agent-turn-end");
    expect(end?.reason).toBe("interrupted");
    expect((end?.atMs ?? 0) - startMs).toBeGreaterThan(1_000);
    expect(end?.unheardText).not.toBe("");
  });

  it("[TT14] a user who goes on before a word of the answer was heard is answered once, to all he said", async () => {
    const { events } = await run(
      goingOn(await say("What time is it?"), await say("And tell me about a river please.")),
      {
        maxMs: 7_000,
      },
    );
    expect(of(events, "agent-turn-end")[0]).toMatchObject({ turn: 1, reason: "superseded" });
    const [first = "", whole = ""] = of(events, "user-transcript-end").map(({ text }) => text);
    expect(whole.startsWith(first)).toBe(true);
    expect(whole).toMatch(/river/iu);
    expect(of(events, "agent-turn-start").map(({ turn }) => turn)).toEqual([1, 2]);
  });

  it("a slower computer answers later, what it heard is the same", async () => {
    const slow = { decodeMs: () => 400, synthesisMs: () => 900 };
    const answerMs = async (options: Partial<SimulationOptions>): Promise<[number, string]> => {
      const { events } = await run(saying([clip.samples]), { ...options, maxMs: 8_000 });
      return [
        of(events, "agent-playout-start")[0]?.atMs ?? 0,
        of(events, "user-transcript-end")
          .map((event) => event.text)
          .join(" "),
      ];
    };
    const [usualMs, usualText] = await answerMs({});
    const [slowMs, slowText] = await answerMs({ computingTime: slow });
    expect(slowMs).toBeGreaterThan(usualMs + 500);
    expect(wordErrors(usualText, slowText).errors).toBe(0);
  });
});

function of<Type extends TalkEvent["type"]>(events: readonly TalkEvent[], type: Type) {
  return events.filter((event): event is TalkEvent & { type: Type } => event.type === type);
}

/** Says one thing after the other; the input is over after that. */
function saying(parts: readonly Float32Array[]): SimulatedMicrophone {
  const frames = parts.flatMap((part) =>
    Array.from({ length: Math.ceil(part.length / 320) }, (_, index) => part.subarray(index * 320, (index + 1) * 320)),
  );
  return { sampleRateHz: 16_000, next: () => frames.shift() };
}

/** Asks, and has more to say in the moment in which the answer begins. */
function goingOn(question: Float32Array, more: Float32Array): SimulatedMicrophone {
  const first = saying([question]);
  const second = saying([more]);
  let isAnswered = false;
  return {
    sampleRateHz: 16_000,
    next(context) {
      isAnswered ||= context.agentIsAudible;
      const said = first.next(context) ?? (isAnswered ? second.next(context) : undefined);
      return said ?? (context.atMs < 9_000 ? new Float32Array(context.frameSamples) : undefined);
    },
  };
}

/** Asks, and speaks again once the agent has been audible for a second. */
function interrupting(): SimulatedMicrophone {
  const question = saying([clip.samples]);
  const second = saying([clip.samples]);
  let audibleFrames = 0;
  return {
    sampleRateHz: 16_000,
    next(context) {
      const said = question.next(context);
      if (said !== undefined) return said;
      if (context.agentIsAudible) audibleFrames++;
      return audibleFrames < 50 ? new Float32Array(context.frameSamples) : second.next(context);
    },
  };
}
