import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import { pcmToFloat } from "#core/audio/pcm";
import type { SpeechSource } from "#score/user/sound-maker";
import { remember } from "../bin/user-voices";
import { resample } from "./bench-audio";

const run = promisify(execFile);

/** Speech programs of the system, by voice: arguments that write `text` to a WAV file. */
const PROGRAMS: Readonly<
  Record<string, { program: string; args(text: string, file: string): string[]; reads?: "stdin" }>
> = {
  "espeak-gb": { program: "espeak-ng", args: (text, file) => ["-v", "en-gb", "-s", "160", "-w", file, text] },
  "espeak-us-f": { program: "espeak-ng", args: (text, file) => ["-v", "en-us+f3", "-s", "165", "-w", file, text] },
  "festival-slt": {
    program: "text2wave",
    args: (_text, file) => ["-eval", "(voice_cmu_us_slt_arctic_hts)", "-o", file],
    reads: "stdin",
  },
};

/** Adds the voices of what is installed on this computer: espeak-ng and festival. `folder` takes their files. */
export async function addSystemVoices(speech: SpeechSource, folder: string): Promise<SpeechSource> {
  const installed: string[] = [];
  for (const voice of Object.keys(PROGRAMS)) if (await isUsable(voice, folder)) installed.push(voice);
  const speak = remember(async (voice, parts) =>
    // A comma keeps the voice up at the end of a part that is not the last.
    Promise.all(parts.map((part, index) => speakWith(voice, index < parts.length - 1 ? `${part},` : part, folder))),
  );
  return {
    voices: [...speech.voices, ...installed],
    speak: (voice, parts) => (installed.includes(voice) ? speak(voice, parts) : speech.speak(voice, parts)),
  };
}

async function isUsable(voice: string, folder: string): Promise<boolean> {
  try {
    return (await speakWith(voice, "Hello.", folder)).length > 0;
  } catch {
    return false;
  }
}

let fileCount = 0;

async function speakWith(voice: string, text: string, folder: string): Promise<Float32Array> {
  const chosen = PROGRAMS[voice];
  if (chosen === undefined) throw new RangeError(`no voice ${voice}`);
  const file = path.join(folder, `said-${++fileCount}.wav`);
  const running = run(chosen.program, chosen.args(text, file));
  running.child.stdin?.end(chosen.reads === "stdin" ? text : undefined);
  await running;
  const { samples, sampleRateHz } = readPlainWav(await readFile(file));
  return resample(samples, { fromHz: sampleRateHz, toHz: EARS_SAMPLE_RATE_HZ });
}

/** 16-bit mono PCM with the usual head of 44 bytes, at any rate. */
function readPlainWav(bytes: Buffer): { samples: Float32Array; sampleRateHz: number } {
  const pcm = Int16Array.from({ length: (bytes.length - 44) >> 1 }, (_, at) => bytes.readInt16LE(44 + 2 * at));
  return { samples: pcmToFloat(pcm), sampleRateHz: bytes.readUInt32LE(24) };
}
