import { createEarsProcess } from "#adapters/ears-process/ears-process";
import { systemClock } from "#adapters/system/system-clock";
import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Transcript } from "#core/ports/asr-engine";
import { nodeChildren } from "../bin/fleet";
import { resample } from "./bench-audio";
import type { BenchmarkContext } from "./benchmark";

export interface BenchEars {
  /** One decode of a whole recording, without an earlier one to build on. */
  transcribe(recording: { samples: Float32Array; sampleRateHz: number }): Promise<Transcript>;
}

/** The product's ears alone, loaded and warm, for as long as `use` runs. */
export async function withEars<T>(context: BenchmarkContext, use: (ears: BenchEars) => Promise<T>): Promise<T> {
  const ready = createDeferred<void>();
  const engine = createEarsProcess({
    starter: nodeChildren,
    clock: systemClock,
    log: context.log,
    onStateChange: (state) => {
      if (state === "ready") ready.resolve();
      if (state === "failed") ready.reject(new Error("the ears do not start"));
    },
  });
  try {
    await ready.promise;
    return await use({
      async transcribe({ samples, sampleRateHz }) {
        const utterance = engine.openUtterance();
        try {
          utterance.append(await resample(samples, { fromHz: sampleRateHz, toHz: EARS_SAMPLE_RATE_HZ }));
          return await utterance.transcribe();
        } finally {
          utterance.dispose();
        }
      },
    });
  } finally {
    await engine.close();
  }
}
