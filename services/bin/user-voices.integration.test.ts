import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createFliteEngine } from "#adapters/flite-tts/flite-engine";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { systemClock } from "#adapters/system/system-clock";
import { concatFloat, rms } from "#core/audio/pcm";
import { silentLogger } from "#core/ports/logger";
import type { TtsEngine } from "#core/ports/tts-engine";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";
import { createUserVoices } from "./user-voices";

const PARTS = ["I would really like to know the", "time."];

describe("the voices of a scripted user", () => {
  let engine: TtsEngine;
  beforeAll(async () => {
    const threadUrl = new URL("flite-thread.js", DIST_ENTRY_FOLDER);
    engine = await createFliteEngine({ threadUrl, clock: systemClock, log: silentLogger });
  });
  afterAll(() => engine.close());
  const open = () => createUserVoices({ engine, normalizer: createSpeakableText() });

  it("are none of them the agent's", () => {
    expect(open().voices).not.toContain("flite-slt");
    expect(open().voices.length).toBeGreaterThanOrEqual(3);
  });

  it("cut the parts out of one sentence, so that they sound as in it", async () => {
    const speech = open();
    for (const voice of speech.voices) {
      const parts = await speech.speak(voice, PARTS);
      const [whole] = await speech.speak(voice, [PARTS.join(" ")]);
      expect(parts).toHaveLength(2);
      expect(concatFloat(parts)).toEqual(whole);
      for (const part of parts) expect(rms(part)).toBeGreaterThan(0.01);
      // Seven words against one and the silence behind it.
      expect(parts[0]?.length ?? 0).toBeGreaterThan((parts[1]?.length ?? 0) * 1.3);
    }
  });

  it("say the same words the same way", async () => {
    const [first] = await open().speak("flite-awb", ["Good morning."]);
    const [again] = await open().speak("flite-awb", ["Good morning."]);
    expect(again).toEqual(first);
  });
});
