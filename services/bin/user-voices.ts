import { createFliteEngine } from "#adapters/flite-tts/flite-engine";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { systemClock } from "#adapters/system/system-clock";
import type { Logger } from "#core/ports/logger";
import type { TextNormalizer, TtsEngine } from "#core/ports/tts-engine";
import type { SpeechSource } from "#score/user/sound-maker";
import { places } from "./places";

/** All that come with the app but the one that the agent speaks with; 16 kHz. */
const VOICES = ["flite-rms", "flite-awb", "flite-kal16"];

export interface UserVoices extends SpeechSource {
  close(): Promise<void>;
}

/** Voices for a scripted user, spoken in a thread of this process. */
export async function openUserVoices(log: Logger): Promise<UserVoices> {
  const threadUrl = new URL("flite-thread.js", places.entryFolder);
  const engine = await createFliteEngine({ threadUrl, clock: systemClock, log });
  return { ...createUserVoices({ engine, normalizer: createSpeakableText() }), close: () => engine.close() };
}

/** Voices for a scripted user; what was said once is kept. */
export function createUserVoices({
  engine,
  normalizer,
}: {
  engine: TtsEngine;
  normalizer: TextNormalizer;
}): SpeechSource {
  /** Says the whole sentence and cuts it between the words where one part ends and the next begins. */
  async function synthesize(voice: string, parts: readonly string[]): Promise<Float32Array[]> {
    const tokens = normalizer.normalize(parts.join(" "));
    const { signal } = new AbortController();
    const { samples, timings } = await engine.synthesize({ modelId: voice, tokens, signal });
    let partEnd = -1;
    let from = 0;
    return parts.map((part, index) => {
      partEnd += part.length + 1;
      const isLast = index === parts.length - 1;
      const next = tokens.findIndex((token) => token.sourceStart >= partEnd);
      const to = isLast || next < 0 ? samples.length : (timings[next]?.startSamples ?? samples.length);
      const piece = samples.slice(from, to);
      from = to;
      return piece;
    });
  }

  return { voices: VOICES, speak: remember(synthesize) };
}

/** What was said once is not made again. */
export function remember(speak: SpeechSource["speak"]): SpeechSource["speak"] {
  const spoken = new Map<string, Promise<Float32Array[]>>();
  return (voice, parts) => {
    const key = `${voice}: ${parts.join("|")}`;
    const known = spoken.get(key) ?? speak(voice, parts);
    spoken.set(key, known);
    return known;
  };
}
