import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";

const CLIP_FOLDER = "/usr/share/pocketsphinx/test/data/librivox";
const CLIP_RATE_HZ = 16_000;
const WAV_HEADER_BYTES = 44;

/** A recorded sentence and its words. */
export const CLIP = {
  file: path.join(CLIP_FOLDER, "sense_and_sensibility_01_austen_64kb-0880.wav"),
  words: "he was not an ill disposed young man",
};

export interface MicWavOptions {
  /** Silence before the sentence: time for the page to connect, ms. */
  leadMs: number;
  /** Silence after it, ms. */
  tailMs: number;
}

/** Writes what Chromium plays as the microphone: the sentence between silences, 16 kHz. It reads the file anew for each capture. */
export function writeMicWav(file: string, options: MicWavOptions): void {
  if (!existsSync(CLIP.file)) throw new Error(`${CLIP.file} is missing: apt-get install pocketsphinx-testdata`);
  const speech = readFileSync(CLIP.file).subarray(WAV_HEADER_BYTES);
  const pcm = Buffer.concat([silence(options.leadMs), speech, silence(options.tailMs)]);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, Buffer.concat([wavHeader(pcm.length), pcm]));
}

/** A quiet room, −70 dBFS: only a microphone that is switched off gives zeros. */
function silence(durationMs: number): Buffer {
  const pcm = Buffer.alloc(((durationMs * CLIP_RATE_HZ) / 1000) * 2);
  let noise = 1;
  for (let at = 0; at < pcm.length; at += 2) {
    noise = (noise * 16_807) % 2_147_483_647;
    pcm.writeInt16LE((noise % 33) - 16, at);
  }
  return pcm;
}

function wavHeader(dataBytes: number): Buffer {
  const header = Buffer.alloc(WAV_HEADER_BYTES);
  header.write("RIFF", 0, "ascii");
  header.writeUInt32LE(WAV_HEADER_BYTES - 8 + dataBytes, 4);
  header.write("WAVEfmt ", 8, "ascii");
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(1, 20);
  header.writeUInt16LE(1, 22);
  header.writeUInt32LE(CLIP_RATE_HZ, 24);
  header.writeUInt32LE(CLIP_RATE_HZ * 2, 28);
  header.writeUInt16LE(2, 32);
  header.writeUInt16LE(16, 34);
  header.write("data", 36, "ascii");
  header.writeUInt32LE(dataBytes, 40);
  return header;
}
