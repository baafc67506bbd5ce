import { EARS_SAMPLE_RATE_HZ, msToSamples } from "#contracts/units";
import { concatFloat } from "#core/audio/pcm";
import type { Random } from "#core/ports/ids";
import type { ResamplerFactory } from "#core/ports/resampler";
import { fadeEnds, setActiveLevel, trimSilence } from "../audio/level";
import { pickOne } from "./choose";
import { hearFromAfar } from "./far-field";
import { laugh, mmHm, NOISES, type NoiseName } from "./noises";
import type { SampleSpan, UserEventKind, UserSound } from "./user-sound";

/** Voices of users; the agent's is not among them. */
export interface SpeechSource {
  readonly voices: readonly string[];
  /**
   * The parts of one sentence, 16 kHz each, as they sound in it and not as if each were the whole. The same words in the same
   * voice are the same samples.
   */
  speak(voice: string, parts: readonly string[]): Promise<Float32Array[]>;
}

export interface SoundMakerDeps {
  speech: SpeechSource;
  resamplers: ResamplerFactory;
  /** Decides voices, levels, speeds, pauses and sounds. */
  random: Random;
}

export interface Saying {
  kind: UserEventKind;
  detail: string;
  /** "|" marks a pause. */
  text: string;
}

/** One person's usual way to speak. */
export interface Speaker {
  voice: string;
  levelDb: number;
  /** 1 is the voice's own; pitch moves with it. */
  speedRatio: number;
}

const RATE_HZ = EARS_SAMPLE_RATE_HZ;
/** In the middle of a turn. */
const PAUSE_MS = { lowest: 200, highest: 600 };
/** Below the speaker's usual level. */
const BACKCHANNEL_DB = -4;
/** Level of noises against the speaker's, dB. */
const NOISE_DB = { lowest: -14, highest: 2 };
/** Level of somebody else in the room against the speaker's, dB. */
const SIDE_TALK_DB = { lowest: -20, highest: -10 };

/** Makes the sounds of a scripted user, each time a little different, all decided by `random`. */
export class SoundMaker {
  readonly #deps: SoundMakerDeps;

  constructor(deps: SoundMakerDeps) {
    this.#deps = deps;
  }

  pickSpeaker(): Speaker {
    const { speech, random } = this.#deps;
    return {
      voice: pickOne(speech.voices, random),
      levelDb: between({ lowest: -32, highest: -20 }, random),
      speedRatio: between({ lowest: 0.93, highest: 1.08 }, random),
    };
  }

  async say(speaker: Speaker, { kind, detail, text }: Saying): Promise<UserSound> {
    const levelDb = speaker.levelDb + (kind === "backchannel" ? BACKCHANNEL_DB : 0);
    const { samples, pauses } = await this.#speak(speaker, text);
    const words = text.replaceAll(/\s*\|\s*/g, " ");
    return {
      kind,
      detail,
      text: words,
      voice: speaker.voice,
      levelDb,
      samples: setActiveLevel(samples, levelDb, RATE_HZ),
      pauses,
    };
  }

  /** A backchannel that no voice can pronounce. */
  hum(speaker: Speaker, detail: "mm-hm" | "laugh"): UserSound {
    const { random } = this.#deps;
    const levelDb = speaker.levelDb + BACKCHANNEL_DB;
    const samples = trimSilence(detail === "laugh" ? laugh(random) : mmHm(random), RATE_HZ);
    return {
      kind: "backchannel",
      detail,
      text: "",
      voice: "",
      levelDb,
      samples: setActiveLevel(samples, levelDb, RATE_HZ),
      pauses: [],
    };
  }

  noise(speaker: Speaker, detail: NoiseName): UserSound {
    const { random } = this.#deps;
    const levelDb = speaker.levelDb + between(NOISE_DB, random);
    const samples = trimSilence(NOISES[detail](random), RATE_HZ);
    return {
      kind: "noise",
      detail,
      text: "",
      voice: "",
      levelDb,
      samples: setActiveLevel(samples, levelDb, RATE_HZ),
      pauses: [],
    };
  }

  /** Another person, further away, to somebody else. */
  async sideTalk(speaker: Speaker, text: string): Promise<UserSound> {
    const { random, speech } = this.#deps;
    const others = speech.voices.filter((voice) => voice !== speaker.voice);
    const other = { ...this.pickSpeaker(), voice: pickOne(others.length === 0 ? speech.voices : others, random) };
    const levelDb = speaker.levelDb + between(SIDE_TALK_DB, random);
    const { samples } = await this.#speak(other, text);
    const distant = trimSilence(hearFromAfar(samples, random), RATE_HZ);
    return {
      kind: "side-talk",
      detail: "other voice",
      text,
      voice: other.voice,
      levelDb,
      samples: setActiveLevel(distant, levelDb, RATE_HZ),
      pauses: [],
    };
  }

  /** "|" in the text becomes a pause. */
  async #speak(speaker: Speaker, text: string): Promise<{ samples: Float32Array; pauses: SampleSpan[] }> {
    const { speech, random } = this.#deps;
    const parts = await speech.speak(
      speaker.voice,
      text.split("|").map((part) => part.trim()),
    );
    const pieces: Float32Array[] = [];
    const pauses: SampleSpan[] = [];
    let at = 0;
    for (const part of parts) {
      if (pieces.length > 0) {
        const pauseSamples = msToSamples(between(PAUSE_MS, random), RATE_HZ);
        pauses.push({ startSample: at, endSample: at + pauseSamples });
        pieces.push(new Float32Array(pauseSamples));
        at += pauseSamples;
      }
      const piece = fadeEnds(trimSilence(this.#changeSpeed(part, speaker.speedRatio), RATE_HZ), RATE_HZ);
      pieces.push(piece);
      at += piece.length;
    }
    return { samples: concatFloat(pieces), pauses };
  }

  #changeSpeed(samples: Float32Array, speedRatio: number): Float32Array {
    const resampler = this.#deps.resamplers.create({ fromHz: Math.round(RATE_HZ * speedRatio), toHz: RATE_HZ });
    try {
      return concatFloat([resampler.process(samples), resampler.flush()]);
    } finally {
      resampler.dispose();
    }
  }
}

function between({ lowest, highest }: { lowest: number; highest: number }, random: Random): number {
  return lowest + (highest - lowest) * random();
}
