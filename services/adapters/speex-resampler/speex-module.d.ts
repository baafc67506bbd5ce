/** The raw functions of libspeexdsp's resampler, as the package exports them; pointers are byte addresses in its memory. */
declare module "@echogarden/speex-resampler-wasm/simd" {
  export interface SpeexModule {
    /** Replaced whenever the memory grows: read it anew after every call. */
    readonly HEAPF32: Float32Array;
    readonly HEAPU32: Uint32Array;
    readonly HEAP32: Int32Array;
    _malloc(sizeBytes: number): number;
    _free(pointer: number): void;
    /** Returns 0 on failure. `quality`: 0 to 10. */
    _speex_resampler_init(
      channelCount: number,
      fromHz: number,
      toHz: number,
      quality: number,
      errorPointer: number,
    ): number;
    _speex_resampler_destroy(resampler: number): void;
    /** Leaves out the leading zeros that the filter's delay would give. */
    _speex_resampler_skip_zeros(resampler: number): number;
    /** The lengths (u32, samples) are capacities before and used amounts after. Returns 0 when it worked. */
    _speex_resampler_process_float(
      resampler: number,
      channel: number,
      input: number,
      inputLengthPointer: number,
      output: number,
      outputLengthPointer: number,
    ): number;
  }
  export default function createSpeexModule(): Promise<SpeexModule>;
}
