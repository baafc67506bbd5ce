import createSpeexModule, { type SpeexModule } from "@echogarden/speex-resampler-wasm/simd";
import { AppError } from "#contracts/errors";
import { concatFloat } from "#core/audio/pcm";
import type { ResamplerFactory, StreamResampler } from "#core/ports/resampler";

/** Of 0 to 10. At 5, aliases are below -100 dB; 48 to 16 kHz costs 0.01 ms for each 10 ms. */
const QUALITY = 5;
/** Samples handed over in one call; longer inputs take several. */
const BLOCK_SAMPLES = 2048;
const BYTES_PER_VALUE = 4;
/** Fed in blocks to flush the filter. */
const SILENCE = new Float32Array(256);

/**
 * Loads the resampler of libspeexdsp (WebAssembly, one memory for all streams of the factory).
 * Streams are aligned: output sample i is the sound of input instant i / toHz, and after `flush`
 * the output has round(input samples × toHz / fromHz) samples.
 * `create` throws `unsupported-audio` for rates that are not whole numbers between 4 and 384 kHz.
 */
export async function createSpeexResamplerFactory(): Promise<ResamplerFactory> {
  const speex = await createSpeexModule();
  return {
    create(rates) {
      for (const rateHz of [rates.fromHz, rates.toHz]) {
        if (!Number.isInteger(rateHz) || rateHz < 4_000 || rateHz > 384_000)
          throw new AppError("unsupported-audio", { detail: `${rateHz} Hz` });
      }
      return rates.fromHz === rates.toHz ? createPassThrough() : new SpeexStream(speex, rates);
    },
  };
}

function createPassThrough(): StreamResampler {
  return { process: (samples) => samples.slice(), flush: () => new Float32Array(0), dispose: () => undefined };
}

class SpeexStream implements StreamResampler {
  readonly #speex: SpeexModule;
  readonly #ratio: number;
  readonly #resampler: number;
  /** One allocation: input block, output block, the two lengths. */
  readonly #memory: number;
  #inputSamples = 0;
  #outputSamples = 0;
  #isOpen = true;
  #isFreed = false;

  constructor(speex: SpeexModule, rates: { fromHz: number; toHz: number }) {
    this.#speex = speex;
    this.#ratio = rates.toHz / rates.fromHz;
    this.#memory = speex._malloc((2 * BLOCK_SAMPLES + 2) * BYTES_PER_VALUE);
    this.#resampler =
      this.#memory === 0 ? 0 : speex._speex_resampler_init(1, rates.fromHz, rates.toHz, QUALITY, this.#lengthsPointer);
    if (this.#resampler === 0) {
      speex._free(this.#memory);
      throw new AppError("internal", { detail: "no memory for a resampler" });
    }
    speex._speex_resampler_skip_zeros(this.#resampler);
  }

  process(samples: Float32Array): Float32Array {
    if (!this.#isOpen) throw new AppError("internal", { detail: "the resampler's stream is over" });
    this.#inputSamples += samples.length;
    return this.#run(samples);
  }

  flush(): Float32Array {
    if (!this.#isOpen) throw new AppError("internal", { detail: "the resampler's stream is over" });
    const parts: Float32Array[] = [];
    const totalSamples = Math.round(this.#inputSamples * this.#ratio);
    while (this.#outputSamples < totalSamples) parts.push(this.#run(SILENCE));
    this.#isOpen = false;
    const tail = concatFloat(parts);
    return tail.subarray(0, tail.length - (this.#outputSamples - totalSamples));
  }

  dispose(): void {
    if (this.#isFreed) return;
    this.#isFreed = true;
    this.#isOpen = false;
    this.#speex._speex_resampler_destroy(this.#resampler);
    this.#speex._free(this.#memory);
  }

  get #outputPointer(): number {
    return this.#memory + BLOCK_SAMPLES * BYTES_PER_VALUE;
  }

  get #lengthsPointer(): number {
    return this.#memory + 2 * BLOCK_SAMPLES * BYTES_PER_VALUE;
  }

  #run(samples: Float32Array): Float32Array {
    const parts: Float32Array[] = [];
    for (let at = 0; at < samples.length;) {
      const { consumedSamples, output } = this.#runBlock(samples.subarray(at, at + BLOCK_SAMPLES));
      if (consumedSamples === 0 && output.length === 0)
        throw new AppError("internal", { detail: "the resampler is stuck" });
      at += consumedSamples;
      parts.push(output);
    }
    const output = concatFloat(parts);
    this.#outputSamples += output.length;
    return output;
  }

  #runBlock(block: Float32Array): { consumedSamples: number; output: Float32Array } {
    const speex = this.#speex;
    const lengths = this.#lengthsPointer;
    speex.HEAPF32.set(block, this.#memory / BYTES_PER_VALUE);
    speex.HEAPU32.set([block.length, BLOCK_SAMPLES], lengths / BYTES_PER_VALUE);
    const failure = speex._speex_resampler_process_float(
      this.#resampler,
      0,
      this.#memory,
      lengths,
      this.#outputPointer,
      lengths + BYTES_PER_VALUE,
    );
    if (failure !== 0) throw new AppError("internal", { detail: `resampler error ${failure}` });
    const [consumedSamples = 0, outputSamples = 0] = speex.HEAPU32.subarray(
      lengths / BYTES_PER_VALUE,
      lengths / BYTES_PER_VALUE + 2,
    );
    const start = this.#outputPointer / BYTES_PER_VALUE;
    return { consumedSamples, output: speex.HEAPF32.slice(start, start + outputSamples) };
  }
}
