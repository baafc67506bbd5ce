// The web globals that every Parley runtime has (Node, browsers, Electron) and that the ES library lacks.
// `contracts` and `core` may use these and nothing else of their surroundings.

interface AbortSignalEventMap {
  abort: unknown;
}
declare class AbortSignal {
  readonly aborted: boolean;
  readonly reason: unknown;
  throwIfAborted(): void;
  addEventListener(type: "abort", listener: () => void, options?: { once?: boolean }): void;
  removeEventListener(type: "abort", listener: () => void): void;
  static any(signals: AbortSignal[]): AbortSignal;
  static abort(reason?: unknown): AbortSignal;
}
declare class AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare class TextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean });
  decode(bytes: Uint8Array): string;
}
