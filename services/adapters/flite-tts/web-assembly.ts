/**
 * The part of the WebAssembly JavaScript API that this adapter uses. Node has it; neither TypeScript's ES library
 * nor Node's own types declare it, and the DOM library may not be seen here.
 */
export interface WasmModule {
  readonly __wasmModule: never;
}

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
}

interface WasmApi {
  compile(bytes: Uint8Array): Promise<WasmModule>;
  Instance: new (
    module: WasmModule,
    imports: Record<string, Record<string, WasmImport>>,
  ) => { readonly exports: Readonly<Record<string, unknown>> };
}

export type WasmImport = (...args: never[]) => unknown;

export const wasm: WasmApi = (globalThis as unknown as { WebAssembly: WasmApi }).WebAssembly;
