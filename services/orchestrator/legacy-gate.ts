import { AppError, toWireError } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { LegacyClientMessage, type LegacyServerMessage } from "#contracts/protocol/legacy";
import { CloseCode, MAX_MESSAGES_PER_SECOND } from "#contracts/protocol/limits";
import { VOICE_FRAME_MS, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import { RateLimiter } from "#core/limits/rate-limiter";
import type { Brain } from "#core/ports/brain";
import type { ClientConnection } from "#core/ports/client-connection";
import type { VoiceFrame } from "#core/ports/voice-link";
import { runAgentTurn, type AgentTurnDeps } from "./agent-turn";
import type { GateDeps } from "./gate";
import { checkText } from "./parley-gate";

/** Utterances that may wait while one is spoken. */
const MAX_WAITING_UTTERANCES = 32;

export interface LegacyGateDeps extends GateDeps {
  turns: AgentTurnDeps;
}

/** Serves a client of the predecessor: every text message is one utterance to be spoken; control commands work. */
export class LegacyGate {
  readonly #deps: LegacyGateDeps;
  readonly #connection: ClientConnection;
  readonly #sessionId: string;
  readonly #limiter: RateLimiter;
  readonly #waiting: string[] = [];
  #speaking: AbortController | undefined;
  #resumed: Deferred<void> | undefined;
  #turn = 0;
  #sequence = 0;
  #isClosed = false;

  constructor(deps: LegacyGateDeps, options: { connection: ClientConnection; sessionId: string }) {
    this.#deps = deps;
    this.#connection = options.connection;
    this.#sessionId = options.sessionId;
    this.#limiter = new RateLimiter({ perSecond: MAX_MESSAGES_PER_SECOND, nowMs: deps.clock.nowMs() });
    this.#connection.onMessage((data) => this.#receive(data));
    this.#connection.onClose(() => this.#stop());
    this.#send({ type: "session_start", session_id: this.#sessionId });
  }

  /** The orchestrator shuts down. */
  close(): void {
    if (this.#isClosed) return;
    this.#send({ type: "session_end", session_id: this.#sessionId, reason: "closed" });
    this.#stop();
    this.#connection.close(CloseCode.goingAway, "shutting-down");
  }

  #receive(data: string | Uint8Array): void {
    if (this.#isClosed || typeof data !== "string") return;
    if (!this.#limiter.take(this.#deps.clock.nowMs())) {
      this.#refuse(new AppError("rate-limited"));
      this.#stop();
      return this.#connection.close(CloseCode.rateLimited, "rate-limited");
    }
    const parsed = parseJsonWith(LegacyClientMessage, data);
    if (!parsed.ok) return this.#refuse(new AppError("bad-message", { detail: parsed.issues }));
    if (parsed.value.type === "control") return this.#control(parsed.value.command);
    try {
      const text = checkText(parsed.value.text);
      if (this.#waiting.length >= MAX_WAITING_UTTERANCES) throw new AppError("rate-limited");
      this.#waiting.push(text);
      void this.#speakWaiting();
    } catch (error) {
      this.#refuse(error);
    }
  }

  #control(command: "PAUSE" | "RESUME" | "STOP"): void {
    if (command === "PAUSE") this.#resumed ??= createDeferred<void>();
    else this.#resume();
    if (command !== "STOP") return;
    this.#waiting.length = 0;
    this.#speaking?.abort();
  }

  #resume(): void {
    this.#resumed?.resolve();
    this.#resumed = undefined;
  }

  async #speakWaiting(): Promise<void> {
    if (this.#speaking !== undefined) return;
    for (let text = this.#waiting.shift(); text !== undefined && !this.#isClosed; text = this.#waiting.shift()) {
      const abort = new AbortController();
      this.#speaking = abort;
      await this.#speak(text, abort.signal);
      this.#speaking = undefined;
    }
  }

  async #speak(text: string, signal: AbortSignal): Promise<void> {
    const request = {
      sessionId: this.#sessionId,
      requestId: `${this.#sessionId}/${++this.#turn}`,
      voice: this.#deps.defaultVoice(),
      history: [],
      signal,
    };
    const ignore = (): void => undefined;
    await runAgentTurn({ ...this.#deps.turns, brain: recite(text) }, request, {
      onText: ignore,
      onStage: ignore,
      onWorker: ignore,
      onFrame: (frame) => {
        if (!signal.aborted) this.#sendFrame(frame);
      },
      canContinue: () => this.#resumed?.promise,
      onError: (error) => this.#send({ type: "error", message: error.message, code: error.code }),
    });
  }

  #sendFrame(frame: VoiceFrame): void {
    this.#send({
      type: "audio",
      pcm: Buffer.from(frame.pcm.buffer, frame.pcm.byteOffset, frame.pcm.byteLength).toString("base64"),
      sample_rate: VOICE_SAMPLE_RATE_HZ,
      frame_ms: VOICE_FRAME_MS,
      sequence: ++this.#sequence,
      ...(frame.isFinal ? { is_final: true } : {}),
    });
  }

  #send(message: LegacyServerMessage): void {
    if (!this.#isClosed) this.#connection.send(JSON.stringify(message));
  }

  #refuse(error: unknown): void {
    const { message, code } = toWireError(error);
    this.#send({ type: "error", message, code });
  }

  #stop(): void {
    this.#isClosed = true;
    this.#waiting.length = 0;
    this.#speaking?.abort();
    this.#resume();
  }
}

/** A brain that says what it was given, for clients that bring their own words. */
function recite(text: string): Brain {
  return {
    info: { kind: "builtin", label: "Text as given" },
    async *respond() {
      yield await Promise.resolve(text);
    },
  };
}
