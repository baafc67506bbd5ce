import { samplesToMs } from "#contracts/units";
import { sleep } from "#core/lifecycle/sleep";
import type { DecodedSpeech, SpeechDecoder } from "#core/ports/speech-decoder";
import type { SpeechDetectorFactory } from "#core/ports/speech-detector";
import type { TtsEngine } from "#core/ports/tts-engine";
import type { ComputingTime } from "./computing-time";
import type { VirtualClock } from "./virtual-clock";

// The real engines on a virtual clock: each computes while the clock stands still; then the time passes that a real
// machine would have needed. None of them owns the engine: closing them leaves it open for the next conversation.

export function modelDecoder(
  decoder: SpeechDecoder,
  deps: { clock: VirtualClock; computingTime: ComputingTime },
): SpeechDecoder {
  const { clock, computingTime } = deps;
  const never = new AbortController().signal;
  return {
    async decode(audio, previousTokens): Promise<DecodedSpeech> {
      const decoded = await clock.hold(() => decoder.decode(audio, previousTokens));
      const keptTokens = commonLength(decoded.tokens, previousTokens);
      const tookMs = computingTime.decodeMs({
        audioSamples: audio.length,
        newTokens: decoded.tokens.length - keptTokens,
      });
      await sleep(clock, tookMs, never);
      return decoded;
    },
    close: () => Promise.resolve(),
  };
}

/** A window takes 0.15 ms, which is less than the clock's users can tell from nothing. */
export function modelDetectors(detectors: SpeechDetectorFactory, clock: VirtualClock): SpeechDetectorFactory {
  return {
    create() {
      const detector = detectors.create();
      return {
        windowSamples: detector.windowSamples,
        detect: (window) => clock.hold(() => detector.detect(window)),
        reset: () => detector.reset(),
        dispose: () => detector.dispose(),
      };
    },
    dispose: () => undefined,
  };
}

export function modelTtsEngine(
  engine: TtsEngine,
  deps: { clock: VirtualClock; computingTime: ComputingTime },
): TtsEngine {
  const { clock, computingTime } = deps;
  // A clause is never broken off in the middle, so that what it leaves behind is always the same.
  const never = new AbortController().signal;
  return {
    models: engine.models,
    async synthesize({ signal, ...clause }) {
      signal.throwIfAborted();
      const spoken = await clock.hold(() => engine.synthesize({ ...clause, signal: never }));
      const audioMs = samplesToMs(spoken.samples.length, spoken.sampleRateHz);
      await sleep(clock, computingTime.synthesisMs({ audioMs }), signal);
      return spoken;
    },
    close: () => Promise.resolve(),
  };
}

function commonLength(one: readonly number[], other: readonly number[]): number {
  const differs = one.findIndex((token, index) => token !== other[index]);
  return differs < 0 ? one.length : differs;
}
