import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { pcmToFloat } from "#core/audio/pcm";

/** A human reading, with the words that were read. */
export interface SpeechClip {
  name: string;
  /** Lower case, without punctuation. */
  reference: string;
  /** Mono, 16 kHz, as recorded. */
  pcm: Int16Array;
  /** The same in [-1, 1). */
  samples: Float32Array;
}

const DATA_FOLDER = "/usr/share/pocketsphinx/test/data";
const PACKAGE = "pocketsphinx-testdata";

/** All clips with a transcript: 5 sentences of a novel (25 s), 5 playing-card phrases (10 s). */
export function loadSpeechClips(folder: string = DATA_FOLDER): SpeechClip[] {
  return [...loadClips(folder, "librivox/transcription"), ...loadClips(folder, "cards/cards.transcription")];
}

/** One clip by the end of its name, for instance "0880" (3.0 s) or "0870" (7.1 s). */
export function loadSpeechClip(suffix: string): SpeechClip {
  const clip = loadSpeechClips().find((candidate) => candidate.name.endsWith(suffix));
  if (clip === undefined) throw new Error(`no speech clip ends with ${suffix}`);
  return clip;
}

/** Lines of the form `<s> words </s> (file name without ending)`. */
function loadClips(folder: string, transcription: string): SpeechClip[] {
  const file = path.join(folder, transcription);
  if (!existsSync(file))
    throw new Error(
      `Recorded speech for the tests is missing: install the Debian package ${PACKAGE} (apt-get install ${PACKAGE}).`,
    );
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, reference, name] = /^<s>\s*(.*?)\s*<\/s>\s*\((.+)\)$/.exec(line.trim()) ?? [];
      if (reference === undefined || name === undefined) return [];
      const pcm = readPcm(path.join(path.dirname(file), `${name}.wav`));
      return [{ name, reference, pcm, samples: pcmToFloat(pcm) }];
    });
}

/** Samples of a 16-bit mono 16 kHz WAV: walks the RIFF chunks to `data`. */
function readPcm(file: string): Int16Array {
  const bytes = readFileSync(file);
  for (let at = 12; at + 8 <= bytes.length;) {
    const lengthBytes = bytes.readUInt32LE(at + 4);
    if (bytes.toString("latin1", at, at + 4) === "data") {
      const data = bytes.subarray(at + 8, at + 8 + lengthBytes);
      return Int16Array.from({ length: Math.floor(data.length / 2) }, (_, i) => data.readInt16LE(i * 2));
    }
    at += 8 + lengthBytes + (lengthBytes % 2);
  }
  throw new Error(`${file} has no audio`);
}
