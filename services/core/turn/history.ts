import type { BrainMessage } from "../ports/brain";

export interface HistoryOptions {
  /** Oldest messages are dropped beyond this number. */
  maxMessages: number;
}

/** What was said and heard, for the brain and for resuming. Bounded: the oldest messages go first. */
export class ConversationHistory {
  readonly #options: HistoryOptions;
  #messages: BrainMessage[] = [];

  constructor(options: HistoryOptions = { maxMessages: 200 }) {
    this.#options = options;
  }

  addUser(text: string): void {
    this.#add({ role: "user", text });
  }

  /** [TT23] heard words and the unheard rest of a cut answer are kept apart; an answer without either leaves no trace. */
  addAgent({ heardText, unheardText, isCutOff }: { heardText: string; unheardText: string; isCutOff: boolean }): void {
    if (!isCutOff) {
      if (heardText !== "") this.#add({ role: "agent", text: heardText });
    } else if (heardText !== "" || unheardText.trim() !== "") {
      this.#add({ role: "agent", text: heardText, isCutOff: true, unheardText });
    }
  }

  /** Takes back the newest user message: its turn goes on [TT14]. */
  withdrawUser(): void {
    if (this.#messages.at(-1)?.role === "user") this.#messages.pop();
  }

  get messages(): readonly BrainMessage[] {
    return this.#messages;
  }

  #add(message: BrainMessage): void {
    this.#messages = [...this.#messages, message].slice(-this.#options.maxMessages);
  }
}
