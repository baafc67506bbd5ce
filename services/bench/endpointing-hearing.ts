import { EARS_SAMPLE_RATE_HZ, msToSamples, samplesToMs } from "#contracts/units";
import { WindowSplitter } from "#core/audio/window-splitter";
import type { SpeechDecoder } from "#core/ports/speech-decoder";
import type { SpeechDetectorFactory } from "#core/ports/speech-detector";
import { ProsodyTracker, type ProsodyCues } from "#core/speech/prosody-tracker";
import { SpeechSegmenter } from "#core/speech/speech-segmenter";
import { SpeechSuspicion, SUSPICION_RATIO } from "#core/speech/speech-suspicion";
import { LONGEST_SUSPICION_MS } from "#core/turn/reducer";

/** One silence that the product would see, and what it would know of it. */
export interface HeardSilence {
  /** As the ears write it, all of the turn so far. */
  text: string;
  prosody: ProsodyCues | undefined;
  /** Until the user's next words keep the turn from ending [TT5], ms; undefined when nothing more came. */
  resumedAfterMs: number | undefined;
}

export interface HearingDeps {
  decoder: SpeechDecoder;
  detectors: SpeechDetectorFactory;
}

const PRE_ROLL_MS = 320;
/** Silence behind the speech when the transcript is asked for, as in the orchestrator [TT22]. */
const TRANSCRIBED_SILENCE_MS = 64;
const SEGMENTS = { activationThreshold: 0.5, minSpeechMs: 64, minSilenceMs: 100 };

/** The silences of one turn, through voice activity detection, recognition and prosody as in a conversation. 16 kHz. */
export async function hearTurn(samples: Float32Array, deps: HearingDeps): Promise<HeardSilence[]> {
  const ends = await findSilences(samples, deps.detectors);
  const silences: HeardSilence[] = [];
  let tokens: readonly number[] = [];
  for (const { startSample, endSample, prosody, resumedAfterMs } of ends) {
    const from = Math.max(0, startSample - msToSamples(PRE_ROLL_MS, EARS_SAMPLE_RATE_HZ));
    const to = endSample + msToSamples(TRANSCRIBED_SILENCE_MS, EARS_SAMPLE_RATE_HZ);
    const decoded = await deps.decoder.decode(samples.slice(from, to), tokens);
    tokens = decoded.tokens;
    silences.push({ text: decoded.text, prosody, resumedAfterMs });
  }
  return silences;
}

interface SilencePlace {
  /** Where the turn began. */
  startSample: number;
  endSample: number;
  prosody: ProsodyCues | undefined;
  resumedAfterMs: number | undefined;
}

async function findSilences(samples: Float32Array, detectors: SpeechDetectorFactory): Promise<SilencePlace[]> {
  const detector = detectors.create();
  const segmenter = new SpeechSegmenter(SEGMENTS);
  const prosody = new ProsodyTracker();
  const places: SilencePlace[] = [];
  const suspicion = new SpeechSuspicion();
  let startSample: number | undefined;
  let suspectedAtSample = 0;
  try {
    for (const window of new WindowSplitter({ windowSamples: detector.windowSamples }).push(samples)) {
      const probability = await detector.detect(window.samples);
      const events = segmenter.push({ probability, endSample: window.endSample });
      prosody.push(window.samples, segmenter.activity === "speaking");
      for (const event of events) {
        const last = places.at(-1);
        if (event.type === "speech-start") {
          startSample ??= event.startSample;
          if (last !== undefined) {
            const noticedAtSample = Math.max(
              suspicion.isSuspected ? suspectedAtSample : window.endSample,
              window.endSample - msToSamples(LONGEST_SUSPICION_MS, EARS_SAMPLE_RATE_HZ),
            );
            last.resumedAfterMs = samplesToMs(noticedAtSample - last.endSample, EARS_SAMPLE_RATE_HZ);
          }
        } else {
          const cues = prosody.cues();
          const { endSample } = event;
          places.push({ startSample: startSample ?? 0, endSample, prosody: cues, resumedAfterMs: undefined });
        }
      }
      const wasSuspected = suspicion.isSuspected;
      const isSuspicious = probability >= SUSPICION_RATIO * SEGMENTS.activationThreshold;
      suspicion.push({ isSuspicious, activity: segmenter.activity });
      if (suspicion.isSuspected && !wasSuspected) suspectedAtSample = window.endSample;
    }
    return places;
  } finally {
    detector.dispose();
  }
}
