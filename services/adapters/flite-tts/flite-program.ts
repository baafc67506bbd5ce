import { readFile } from "node:fs/promises";
import { MemoryWasi, ProgramExit } from "./memory-wasi";
import { findConstantsEndBytes } from "./wasm-layout";
import { wasm, type WasmMemory, type WasmModule } from "./web-assembly";

/** One phone as flite prints it; the first starts at 0, each next where the last one ended. */
export interface Phone {
  /** Name of the CMU set in lower case; "pau" is silence. */
  name: string;
  endMs: number;
}

export interface FliteRun {
  /** 16-bit mono. */
  pcm: Int16Array;
  sampleRateHz: number;
  phones: Phone[];
}

const WAV_HEADER_BYTES = 44;
const SAMPLE_RATE_OFFSET = 24;

/** `name:endSeconds` separated by blanks, as flite's `-psdur` prints. Anything else on the line is skipped. */
export function parsePhones(printed: string): Phone[] {
  const phones: Phone[] = [];
  for (const [, name = "", seconds = ""] of printed.matchAll(/(\S+):(\d+(?:\.\d+)?)(?=\s|$)/g)) {
    phones.push({ name, endMs: Number(seconds) * 1000 });
  }
  return phones;
}

/** A compiled flite and what is known of its memory. */
export interface FliteModule {
  module: WasmModule;
  /** What lies below is never written by the program: 17 MB of voice data. */
  constantsEndBytes: number;
}

export async function loadFlite(wasmPath: string): Promise<FliteModule> {
  const binary = await readFile(wasmPath);
  return { module: await wasm.compile(binary), constantsEndBytes: findConstantsEndBytes(binary) };
}

/**
 * The flite command-line program, run again and again in one WebAssembly instance.
 * The program never frees what it took, so each run starts from the memory as it was before the first;
 * putting that back costs under 1 ms, a new instance 9 to 47 ms.
 */
export class FliteProgram {
  readonly #wasi = new MemoryWasi();
  readonly #memory: WasmMemory;
  readonly #start: () => void;
  readonly #constantsEndBytes: number;
  /** Of the memory behind the constants, as it was before the first run. */
  readonly #pristine: Uint8Array;
  #isDirty = false;

  constructor({ module, constantsEndBytes }: FliteModule) {
    const { exports } = new wasm.Instance(module, { wasi_snapshot_preview1: this.#wasi.imports() });
    this.#memory = exports["memory"] as WasmMemory;
    this.#start = exports["_start"] as () => void;
    this.#wasi.attach(this.#memory);
    this.#constantsEndBytes = constantsEndBytes;
    this.#pristine = this.memory().slice(constantsEndBytes);
  }

  /** All of the program's memory, as it is now. */
  memory(): Uint8Array {
    return new Uint8Array(this.#memory.buffer);
  }

  /** Speaks plain words. Throws when the program fails; it must not be used any more then. */
  run(request: { voice: string; text: string }): FliteRun {
    this.reset();
    this.#isDirty = true;
    this.#wasi.begin(["flite", "-voice", request.voice, "-psdur", "-t", request.text, "-o", "out.wav"]);
    try {
      this.#start();
    } catch (error) {
      if (!(error instanceof ProgramExit && error.exitCode === 0)) throw error;
    }
    const file = this.#wasi.file();
    if (file.length < WAV_HEADER_BYTES) throw new Error(`flite wrote no audio: ${this.#wasi.printed().slice(0, 200)}`);
    const sampleRateHz = new DataView(file.buffer, file.byteOffset).getUint32(SAMPLE_RATE_OFFSET, true);
    const evenEnd = file.length - ((file.length - WAV_HEADER_BYTES) % 2);
    const pcm = new Int16Array(file.slice(WAV_HEADER_BYTES, evenEnd).buffer);
    return { pcm, sampleRateHz, phones: parsePhones(this.#wasi.printed()) };
  }

  /** Makes ready for the next run, so that it need not do so itself. */
  reset(): void {
    if (!this.#isDirty) return;
    const memory = this.memory();
    memory.set(this.#pristine, this.#constantsEndBytes);
    memory.fill(0, this.#constantsEndBytes + this.#pristine.length);
    this.#isDirty = false;
  }
}
