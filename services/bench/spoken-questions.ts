import { floatToPcm } from "#core/audio/pcm";
import type { OwnHost } from "../bin/own-host";
import { withVoice } from "./bench-voice";
import type { BenchmarkContext } from "./benchmark";
import { QUESTIONS } from "./sentences";

/** The agent answers with another one. */
const USER_VOICE = "flite-awb";

export interface SpokenQuestion {
  text: string;
  /** 48 kHz. */
  pcm: Int16Array;
}

/** The questions in a synthetic user's voice, the same on every machine. */
export async function speakQuestions(context: BenchmarkContext, host: OwnHost): Promise<SpokenQuestion[]> {
  return withVoice({ context, host }, async (voice) => {
    const questions: SpokenQuestion[] = [];
    for (const text of QUESTIONS) {
      const { samples } = await voice.speak(text, { voice: USER_VOICE });
      questions.push({ text, pcm: floatToPcm(samples) });
    }
    return questions;
  });
}
