import { createFliteEngine } from "#adapters/flite-tts/flite-engine";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { systemClock } from "#adapters/system/system-clock";
import type { Logger } from "#core/ports/logger";
import type { SpeechSource } from "#score/user/sound-maker";
import { places } from "./places";

/** All that come with the app but the one that the agent speaks with. */
const VOICES = ["flite-rms", "flite-awb", "flite-kal16"];

export interface UserVoices extends SpeechSource {
  close(): Promise<void>;
}

/** Voices for a scripted user, spoken in this process; what was said once is kept. */
export async function createUserVoices(log: Logger): Promise<UserVoices> {
  const engine = await createFliteEngine({
    threadUrl: new URL("flite-thread.js", places.entryFolder),
    clock: systemClock,
    log,
  });
  const normalizer = createSpeakableText();
  const spoken = new Map<string, Promise<Float32Array>>();
  const synthesize = async (voice: string, text: string): Promise<Float32Array> => {
    const { signal } = new AbortController();
    return (await engine.synthesize({ modelId: voice, tokens: normalizer.normalize(text), signal })).samples;
  };
  return {
    voices: VOICES,
    speak(voice, text) {
      const key = `${voice}: ${text}`;
      const known = spoken.get(key) ?? synthesize(voice, text);
      spoken.set(key, known);
      return known;
    },
    close: () => engine.close(),
  };
}
