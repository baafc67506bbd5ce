import type { WasmImport, WasmMemory } from "./web-assembly";

/** Results of WASI calls (wasi_snapshot_preview1 `errno`). */
const OK = 0;
const BAD_DESCRIPTOR = 8;
const ILLEGAL_SEEK = 70;

/** File types of `fdstat`. */
const CHARACTER_DEVICE = 2;
const DIRECTORY = 3;
const REGULAR_FILE = 4;

const STDERR = 2;
/** The one directory that the program finds open, ".". */
const WORKING_DIRECTORY = 3;
/** Whatever file the program opens. */
const OUTPUT_FILE = 4;

const ALL_RIGHTS = 0xffff_ffff_ffff_ffffn;
const INITIAL_FILE_BYTES = 1 << 18;

/** Thrown through the program's frames when it calls `exit`. */
export class ProgramExit extends Error {
  override readonly name = "ProgramExit";
  constructor(readonly exitCode: number) {
    super(`the program ended with exit code ${exitCode}`);
  }
}

/**
 * Just enough of WASI preview 1 for a command-line program that reads its arguments, prints, and writes one file:
 * everything stays in memory, nothing of the host is reachable. Source: the WASI preview 1 specification.
 */
export class MemoryWasi {
  #memory: WasmMemory | undefined;
  #args: readonly Uint8Array[] = [];
  #file: Uint8Array = new Uint8Array(INITIAL_FILE_BYTES);
  #fileBytes = 0;
  #position = 0;
  #printed = "";
  readonly #decoder = new TextDecoder();

  attach(memory: WasmMemory): void {
    this.#memory = memory;
  }

  /** Forgets the last run and sets the arguments of the next, program name first. */
  begin(args: readonly string[]): void {
    const encoder = new TextEncoder();
    this.#args = args.map((arg) => encoder.encode(`${arg}\0`));
    this.#fileBytes = 0;
    this.#position = 0;
    this.#printed = "";
  }

  /** What the program wrote into its file; valid until the next `begin`. */
  file(): Uint8Array {
    return this.#file.subarray(0, this.#fileBytes);
  }

  /** What the program printed on stdout and stderr. */
  printed(): string {
    return this.#printed;
  }

  imports(): Record<string, WasmImport> {
    return {
      args_sizes_get: (countAt: number, bytesAt: number) => {
        const view = this.#view();
        view.setUint32(countAt, this.#args.length, true);
        view.setUint32(
          bytesAt,
          this.#args.reduce((total, arg) => total + arg.length, 0),
          true,
        );
        return OK;
      },
      args_get: (pointersAt: number, bytesAt: number) => this.#copyArgs(pointersAt, bytesAt),
      // The program only seeds and times itself by the clock; standing still makes it repeatable.
      clock_time_get: (_clock: number, _precision: bigint, at: number) => {
        this.#view().setBigUint64(at, 0n, true);
        return OK;
      },
      fd_close: () => OK,
      fd_fdstat_get: (descriptor: number, at: number) => this.#describe(descriptor, at),
      fd_fdstat_set_flags: () => OK,
      fd_prestat_get: (descriptor: number, at: number) => {
        if (descriptor !== WORKING_DIRECTORY) return BAD_DESCRIPTOR;
        this.#view().setUint8(at, 0);
        this.#view().setUint32(at + 4, 1, true);
        return OK;
      },
      fd_prestat_dir_name: (descriptor: number, at: number) => {
        if (descriptor !== WORKING_DIRECTORY) return BAD_DESCRIPTOR;
        this.#bytes()[at] = ".".charCodeAt(0);
        return OK;
      },
      // eslint-disable-next-line @typescript-eslint/max-params -- WASI gives the parameters
      fd_read: (_descriptor: number, _vectorsAt: number, _count: number, readAt: number) => {
        this.#view().setUint32(readAt, 0, true);
        return OK;
      },
      // eslint-disable-next-line @typescript-eslint/max-params -- WASI gives the parameters
      fd_seek: (descriptor: number, offset: bigint, whence: number, at: number) => {
        if (descriptor !== OUTPUT_FILE) return ILLEGAL_SEEK;
        const origin = [0, this.#position, this.#fileBytes][whence] ?? 0;
        this.#position = origin + Number(offset);
        this.#view().setBigUint64(at, BigInt(this.#position), true);
        return OK;
      },
      fd_write: (...args: [descriptor: number, vectorsAt: number, count: number, writtenAt: number]) =>
        this.#write(...args),
      path_open: (...args: number[]) => {
        this.#view().setUint32(args[8] ?? 0, OUTPUT_FILE, true);
        return OK;
      },
      proc_exit: (exitCode: number) => {
        throw new ProgramExit(exitCode);
      },
    };
  }

  #copyArgs(pointersAt: number, bytesAt: number): number {
    let pointerAt = pointersAt;
    let at = bytesAt;
    for (const arg of this.#args) {
      this.#view().setUint32(pointerAt, at, true);
      this.#bytes().set(arg, at);
      pointerAt += 4;
      at += arg.length;
    }
    return OK;
  }

  #describe(descriptor: number, at: number): number {
    const view = this.#view();
    const type = descriptor <= STDERR ? CHARACTER_DEVICE : descriptor === WORKING_DIRECTORY ? DIRECTORY : REGULAR_FILE;
    view.setUint8(at, type);
    view.setUint16(at + 2, 0, true);
    view.setBigUint64(at + 8, ALL_RIGHTS, true);
    view.setBigUint64(at + 16, ALL_RIGHTS, true);
    return OK;
  }

  #write(...[descriptor, vectorsAt, count, writtenAt]: [number, number, number, number]): number {
    let written = 0;
    for (let index = 0; index < count; index++) {
      const start = this.#view().getUint32(vectorsAt + 8 * index, true);
      const length = this.#view().getUint32(vectorsAt + 8 * index + 4, true);
      const data = this.#bytes().subarray(start, start + length);
      if (descriptor === OUTPUT_FILE) this.#append(data);
      else this.#printed += this.#decoder.decode(data);
      written += length;
    }
    this.#view().setUint32(writtenAt, written, true);
    return OK;
  }

  #append(data: Uint8Array): void {
    const end = this.#position + data.length;
    if (end > this.#file.length) {
      const grown = new Uint8Array(Math.max(end, this.#file.length * 2));
      grown.set(this.file());
      this.#file = grown;
    }
    this.#file.set(data, this.#position);
    this.#position = end;
    this.#fileBytes = Math.max(this.#fileBytes, end);
  }

  #bytes(): Uint8Array {
    if (this.#memory === undefined) throw new Error("no memory attached");
    return new Uint8Array(this.#memory.buffer);
  }

  #view(): DataView {
    if (this.#memory === undefined) throw new Error("no memory attached");
    return new DataView(this.#memory.buffer);
  }
}
