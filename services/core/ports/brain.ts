export interface BrainMessage {
  role: "user" | "agent";
  /** For the agent: heard text only. */
  text: string;
  /** The agent was cut off after this text. */
  isCutOff?: boolean;
  /** What it was about to say then, and nobody heard; begins with the word that was cut. */
  unheardText?: string;
}

export interface BrainRequest {
  /** Oldest first; the last one is the user's. */
  history: readonly BrainMessage[];
  sessionId: string;
  signal: AbortSignal;
}

export interface BrainInfo {
  kind: "builtin" | "endpoint";
  /** Shown to people, for instance "Ollama: llama3.2" or "Built-in responder (no language model)". */
  label: string;
}

/**
 * Turns the user's words into the agent's words. Also asked on speculation, for answers that nobody may ever hear [TT32]:
 * answering must have no side effects.
 * Yields text deltas as they come. Failures throw AppError with a `brain-*` code; aborting ends the iteration
 * by throwing `cancelled` or by returning, and nothing is yielded afterwards.
 */
export interface Brain {
  readonly info: BrainInfo;
  respond(request: BrainRequest): AsyncIterable<string>;
}
