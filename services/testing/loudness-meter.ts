import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";

/** The meter of ebur128-wasm (libebur128's algorithm in Rust), independent of everything that Parley computes itself. */
export interface LoudnessMeter {
  /** Integrated loudness, LUFS. Samples in [-1, 1], mono. */
  integratedLufs(samples: Float32Array, sampleRateHz: number): number;
}

interface MeterExports {
  memory: { buffer: ArrayBuffer };
  __wbindgen_malloc(bytes: number): number;
  ebur128_integrated_mono(sampleRateHz: number, at: number, length: number): number;
}

interface WasmApi {
  instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, () => unknown>>,
  ): Promise<{ instance: { exports: unknown } }>;
}

const wasm = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;

/** The package's own loader is for bundlers only, so its module is loaded here by hand. */
export async function createLoudnessMeter(): Promise<LoudnessMeter> {
  const binary = await readFile(createRequire(import.meta.url).resolve("ebur128-wasm/ebur128_wasm_bg.wasm"));
  const fail = (): never => {
    throw new Error("the loudness meter panicked");
  };
  const names = [
    "__wbg_new_693216e109162396",
    "__wbg_stack_0ddaca5d1abfb52f",
    "__wbg_error_09919627ac0992f5",
    "__wbindgen_object_drop_ref",
  ];
  const imports = Object.fromEntries(names.map((name) => [name, fail]));
  const { instance } = await wasm.instantiate(binary, { "./ebur128_wasm_bg.js": imports });
  const meter = instance.exports as MeterExports;
  return {
    integratedLufs(samples, sampleRateHz) {
      const at = meter.__wbindgen_malloc(samples.length * 4);
      new Float32Array(meter.memory.buffer).set(samples, at / 4);
      return meter.ebur128_integrated_mono(sampleRateHz, at, samples.length);
    },
  };
}
