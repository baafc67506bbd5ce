import { CLIPPED_SHARE, clippedShare } from "#core/audio/clipping";
import { QUIET_DB } from "#core/audio/mic-health";
import { pcmToFloat, rms } from "#core/audio/pcm";
import { gainToDb, msToSamples } from "#contracts/units";

export type MicVerdict = "silent" | "quiet" | "clipped" | "fine";

export interface MicFinding {
  verdict: MicVerdict;
  words: string;
  action: string;
}

/** The loudest twentieth of the time stands for the voice; the rest are its pauses. */
const VOICE_SHARE = 0.05;

const FINDINGS: Readonly<Record<MicVerdict, Omit<MicFinding, "verdict">>> = {
  silent: {
    words: "Nothing came in: only silence.",
    action: "The microphone is switched off or muted. Look for a switch on it, or unmute it in the system's settings.",
  },
  quiet: {
    words: "You are too quiet.",
    action: "Come closer, raise the microphone's level in the system's settings, or turn on automatic level.",
  },
  clipped: {
    words: "You are too loud: the sound is cut off.",
    action: "Move away a little, or lower the microphone's level in the system's settings.",
  },
  fine: { words: "You sound fine.", action: "Parley hears you well." },
};

/** Judges a few seconds in which somebody spoke. `isZero`: the microphone gave nothing but zeros. */
export function judgeRecording(recording: { pcm: Int16Array; sampleRateHz: number; isZero: boolean }): MicFinding {
  const verdict = verdictOf(recording);
  return { verdict, ...FINDINGS[verdict] };
}

function verdictOf({
  pcm,
  sampleRateHz,
  isZero,
}: {
  pcm: Int16Array;
  sampleRateHz: number;
  isZero: boolean;
}): MicVerdict {
  const samples = pcmToFloat(pcm);
  if (isZero || samples.length === 0) return "silent";
  if (clippedShare(samples) >= CLIPPED_SHARE) return "clipped";
  return voiceDb(samples, msToSamples(20, sampleRateHz)) < QUIET_DB ? "quiet" : "fine";
}

function voiceDb(samples: Float32Array, frameSamples: number): number {
  const levels: number[] = [];
  for (let at = 0; at + frameSamples <= samples.length; at += frameSamples)
    levels.push(rms(samples.subarray(at, at + frameSamples)));
  levels.sort((a, b) => b - a);
  return gainToDb(levels[Math.floor(levels.length * VOICE_SHARE)] ?? 0);
}
