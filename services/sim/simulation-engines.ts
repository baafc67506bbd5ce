import { MessageChannel } from "node:worker_threads";
import { createFliteEngine } from "#adapters/flite-tts/flite-engine";
import type { FliteThreadData } from "#adapters/flite-tts/flite-messages";
import type { FliteThread } from "#adapters/flite-tts/flite-pool";
import { runFliteThread } from "#adapters/flite-tts/flite-thread";
import { createMoonshineDecoder } from "#adapters/moonshine-asr/moonshine-decoder";
import { resolveMoonshineModels } from "#adapters/moonshine-asr/resolve-moonshine-models";
import { resolveSileroModel } from "#adapters/silero-vad/resolve-silero-model";
import { createSileroDetectorFactory } from "#adapters/silero-vad/silero-detector";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { systemClock } from "#adapters/system/system-clock";
import { openAll } from "#core/lifecycle/closing-stack";
import type { Logger } from "#core/ports/logger";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SpeechDecoder } from "#core/ports/speech-decoder";
import type { SpeechDetectorFactory } from "#core/ports/speech-detector";
import type { TextNormalizer, TtsEngine } from "#core/ports/tts-engine";

/** The product's own models, loaded once for many conversations. */
export interface SimulationEngines {
  decoder: SpeechDecoder;
  detectors: SpeechDetectorFactory;
  resamplers: ResamplerFactory;
  voice: TtsEngine;
  normalizer: TextNormalizer;
  close(): Promise<void>;
}

/** Loads everything into this process, which must not be Electron's main one. Rejects with `model-missing`. */
export async function openSimulationEngines(options: { log: Logger }): Promise<SimulationEngines> {
  const { log } = options;
  return openAll(async (stack) => {
    const decoder = await stack.open(createMoonshineDecoder(resolveMoonshineModels()), (opened) => opened.close());
    const detectors = await stack.open(createSileroDetectorFactory({ modelPath: resolveSileroModel() }), (opened) =>
      opened.dispose(),
    );
    const voice = await stack.open(
      createFliteEngine({ clock: systemClock, log, createThread: runOnThisThread, threadCount: 1 }),
      (opened) => opened.close(),
    );
    return {
      decoder,
      detectors,
      resamplers: await createSpeexResamplerFactory(),
      voice,
      normalizer: createSpeakableText(),
      close: () => stack.close(),
    };
  });
}

/** The clock stands still while a clause is spoken, so that nothing is won by doing it beside other work. */
function runOnThisThread(data: FliteThreadData): FliteThread {
  const { port1: poolEnd, port2: threadEnd } = new MessageChannel();
  const close = (): void => poolEnd.close();
  runFliteThread(threadEnd, data).catch(close);
  return {
    post: (message) => poolEnd.postMessage(message),
    onMessage: (listener) => void poolEnd.on("message", listener),
    onExit: (listener) => void poolEnd.once("close", listener),
    terminate: close,
  };
}
