import { readFile } from "node:fs/promises";
import path from "node:path";
import { createSeededRandom } from "#core/random/seeded-random";
import { EARS_SAMPLE_RATE_HZ, dbToGain, msToSamples } from "#contracts/units";
import { concatFloat, pcmToFloat } from "#core/audio/pcm";
import { readMonoWav } from "#core/audio/wav";
import { assertNever } from "#core/lifecycle/assert-never";
import { trimSilence } from "#score/audio/level";
import type { SpeechSource } from "#score/user/sound-maker";
import type { LabelledTurn, TurnSource } from "./endpointing-set";
import { RECORDED_SPEECH_FOLDER } from "./recorded-speech";

const BEFORE_MS = 500;
const AFTER_MS = 700;
/** Where audio is cut it fades, as a voice does. */
const FADE_MS = 12;
/** A quiet room, from end to end. */
const ROOM_DB = -66;
const SPEECH_PEAK = 0.5;

/** A turn as the microphone hears it, 16 kHz, with silence before and after. */
export async function speakTurn(turn: LabelledTurn, voices: SpeechSource): Promise<Float32Array> {
  const parts = await speechParts(turn.source, voices);
  const [before, after] = parts.map(fadeEnds);
  const speech = after === undefined ? [before] : [before, silence(turn.pauseMs), after];
  const whole = normalise(concatFloat(speech.filter((part) => part !== undefined)));
  return addRoom(concatFloat([silence(BEFORE_MS), whole, silence(AFTER_MS)]));
}

/** The speech before and after the pause, 16 kHz; one part without a pause. */
function speechParts(source: TurnSource, voices: SpeechSource): Promise<Float32Array[]> {
  switch (source.type) {
    case "text":
      return say(source, voices);
    case "recording":
      return readRecording(source);
    default:
      return assertNever(source);
  }
}

/**
 * Says the whole turn and opens it where the pause belongs, so that what comes before sounds as in the middle of a sentence.
 * A person would also draw out the last word there; no synthetic voice does.
 */
async function say(
  { text, voice, pauseAt }: TurnSource & { type: "text" },
  voices: SpeechSource,
): Promise<Float32Array[]> {
  const parts = pauseAt === undefined ? [text] : [text.slice(0, pauseAt), text.slice(pauseAt + 1)];
  const spoken = await voices.speak(voice, parts);
  return spoken.map((samples) => trimSilence(samples, EARS_SAMPLE_RATE_HZ));
}

async function readRecording({
  file,
  endMs,
  pauseAtMs = endMs,
}: TurnSource & { type: "recording" }): Promise<Float32Array[]> {
  const samples = await readSamples(path.join(RECORDED_SPEECH_FOLDER, file));
  const cut = (fromMs: number, toMs: number): Float32Array =>
    samples.slice(msToSamples(fromMs, EARS_SAMPLE_RATE_HZ), msToSamples(toMs, EARS_SAMPLE_RATE_HZ));
  return pauseAtMs === endMs ? [cut(0, endMs)] : [cut(0, pauseAtMs), cut(pauseAtMs, endMs)];
}

/** WAV, or 16-bit little-endian samples without a head; 16 kHz. */
async function readSamples(file: string): Promise<Float32Array> {
  const bytes = await readFile(file);
  if (file.endsWith(".wav")) return pcmToFloat(readMonoWav(bytes).pcm);
  return pcmToFloat(Int16Array.from({ length: bytes.length >> 1 }, (_, at) => bytes.readInt16LE(2 * at)));
}

function silence(durationMs: number): Float32Array {
  return new Float32Array(msToSamples(durationMs, EARS_SAMPLE_RATE_HZ));
}

function fadeEnds(samples: Float32Array): Float32Array {
  const fadeSamples = msToSamples(FADE_MS, EARS_SAMPLE_RATE_HZ);
  return samples.map((sample, at) => sample * Math.min(1, at / fadeSamples, (samples.length - 1 - at) / fadeSamples));
}

function normalise(samples: Float32Array): Float32Array {
  const peak = samples.reduce((highest, sample) => Math.max(highest, Math.abs(sample)), 1e-6);
  return samples.map((sample) => (sample * SPEECH_PEAK) / peak);
}

function addRoom(samples: Float32Array): Float32Array {
  const random = createSeededRandom(samples.length, "room");
  const gain = dbToGain(ROOM_DB) * Math.sqrt(3);
  return samples.map((sample) => sample + gain * (2 * random() - 1));
}
