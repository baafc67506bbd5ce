import { readFile } from "node:fs/promises";
import path from "node:path";
import { pcmToFloat } from "#core/audio/pcm";
import { readMonoWav } from "#core/audio/wav";

/** A human reading, with the words that were read. */
export interface SpeechClip {
  set: SpeechSet;
  name: string;
  reference: string;
  samples: Float32Array;
  sampleRateHz: number;
  durationMs: number;
}

export type SpeechSet = "librivox" | "cards";

export const RECORDED_SPEECH_FOLDER = "/usr/share/pocketsphinx/test/data";
const TRANSCRIPTIONS = { librivox: "transcription", cards: "cards.transcription" } as const;

/** Sentences of a novel (5 clips, 25 s) and playing cards (5 clips, 10 s), as Debian's pocketsphinx-testdata has them. */
export async function loadRecordedSpeech(): Promise<SpeechClip[]> {
  const sets = await Promise.all([loadSet("librivox"), loadSet("cards")]);
  return sets.flat();
}

async function loadSet(set: SpeechSet): Promise<SpeechClip[]> {
  const folder = path.join(RECORDED_SPEECH_FOLDER, set);
  const text = await readFile(path.join(folder, TRANSCRIPTIONS[set]), "utf8").catch((error: unknown) => {
    throw new Error(
      `Recorded speech is missing in ${RECORDED_SPEECH_FOLDER}: install it with \`apt-get install pocketsphinx-testdata\`.`,
      { cause: error },
    );
  });
  return Promise.all(
    parseTranscription(text).map(async ({ name, reference }) => {
      const { pcm, sampleRateHz } = readMonoWav(await readFile(path.join(folder, `${name}.wav`)));
      return {
        set,
        name,
        reference,
        samples: pcmToFloat(pcm),
        sampleRateHz,
        durationMs: (pcm.length * 1000) / sampleRateHz,
      };
    }),
  );
}

/** Lines of the form `<s> words </s> (file name without ending)`. */
export function parseTranscription(text: string): { name: string; reference: string }[] {
  return text.split("\n").flatMap((line) => {
    const [, reference, name] = /^<s>\s*(.*?)\s*<\/s>\s*\((.+)\)$/.exec(line.trim()) ?? [];
    return reference === undefined || name === undefined ? [] : [{ name, reference }];
  });
}
