/** What can be wrong with sound on this computer: what happened, and what the person can do. */
const catalogue = {
  "mic-denied": {
    words: "Parley may not use the microphone.",
    action:
      "Allow the microphone for this page (the icon beside the address, or the system's privacy settings) and start again. Typing works meanwhile.",
  },
  "mic-missing": { words: "No microphone was found.", action: "Connect one and start again. Typing works meanwhile." },
  "mic-busy": {
    words: "The microphone is in use by another program.",
    action: "Close the other program and start again. Typing works meanwhile.",
  },
  "mic-lost": { words: "The microphone was disconnected.", action: "Connect it again, then press Start talking." },
  "mic-insecure": {
    words: "The browser gives no microphone to a page that was loaded without encryption.",
    action: "Open Parley at http://127.0.0.1 on the same computer, or by https.",
  },
  "sound-paused": { words: "The browser has paused the sound.", action: "Press Resume sound." },
  "sound-unavailable": {
    words: "Sound cannot be played here.",
    action: "Check the computer's sound output, then reload the page.",
  },
} as const satisfies Record<string, { words: string; action: string }>;

export type AudioProblemCode = keyof typeof catalogue;

export class AudioProblem extends Error {
  override readonly name = "AudioProblem";
  readonly code: AudioProblemCode;
  readonly action: string;

  constructor(code: AudioProblemCode, options: { cause?: unknown } = {}) {
    super(catalogue[code].words, options);
    this.code = code;
    this.action = catalogue[code].action;
  }
}

/** What a failure of getUserMedia means; names by the Media Capture specification. */
export function micProblem(error: unknown): AudioProblem {
  const name = error instanceof Error ? error.name : "";
  const codes: Readonly<Record<string, AudioProblemCode>> = {
    NotAllowedError: "mic-denied",
    SecurityError: "mic-denied",
    NotFoundError: "mic-missing",
    OverconstrainedError: "mic-missing",
    NotReadableError: "mic-busy",
    AbortError: "mic-busy",
  };
  return new AudioProblem(codes[name] ?? "mic-missing", { cause: error });
}
