import { decodeAudioFrame } from "#contracts/protocol/audio-frame";
import type { ClientMessage } from "#contracts/protocol/client-message";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Disposable } from "#core/lifecycle/disposable";
import type { ClientConnection } from "#core/ports/client-connection";
import type { Clock } from "#core/ports/clock";

export interface HeardTurn {
  /** Sound that came, without holes; each frame is 20 ms. */
  samples: number;
  /** Samples that were missing before a frame. */
  missingSamples: number;
  /** The longest time that the speaker had nothing to play within the turn, ms. */
  dryMs: number;
  endReason: string;
  /** By what we reported of our speaker. */
  heardText: string;
}

const REPORT_MS = 100;

/** A client on the real clock that asks by text and listens: its speaker plays what has come, and reports. */
export class ListeningClient implements ClientConnection {
  readonly protocol = "parley.v1";
  readonly bufferedBytes = 0;
  readonly errors: string[] = [];
  readonly #clock: Clock;
  readonly #reporting: Disposable;
  #listeners: ((data: string | Uint8Array) => void)[] = [];
  #closeListeners: (() => void)[] = [];
  #turn: (HeardTurn & { nextSample: number; playedUntilMs: number }) | undefined;
  #onTurnEnd: (turn: HeardTurn) => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#reporting = clock.setRepeating(REPORT_MS, () => this.#report());
  }

  start(): void {
    this.#say({ type: "session-start", audio: { sampleRateHz: 16_000 } });
  }

  /** Asks, and resolves to what was heard when the agent's turn has ended. */
  ask(text: string): Promise<HeardTurn> {
    this.#turn = undefined;
    return new Promise((resolve) => {
      this.#onTurnEnd = resolve;
      this.#say({ type: "text", text });
    });
  }

  send(data: string | Uint8Array): void {
    if (typeof data !== "string") return this.#hear(data);
    const message = JSON.parse(data) as ServerMessage;
    if (message.type === "error") this.errors.push(message.code);
    if (message.type !== "agent-turn-end") return;
    const heard = this.#turn ?? { samples: 0, missingSamples: 0, dryMs: 0 };
    this.#onTurnEnd({
      samples: heard.samples,
      missingSamples: heard.missingSamples,
      dryMs: heard.dryMs,
      endReason: message.reason,
      heardText: message.heardText,
    });
  }

  close(): void {
    this.#reporting.dispose();
    for (const listener of this.#closeListeners.splice(0)) listener();
  }

  onMessage(listener: (data: string | Uint8Array) => void): void {
    this.#listeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  #hear(data: Uint8Array): void {
    const frame = decodeAudioFrame(data);
    if (frame === undefined) return;
    const nowMs = this.#clock.nowMs();
    this.#turn ??= {
      samples: 0,
      missingSamples: 0,
      dryMs: 0,
      endReason: "",
      heardText: "",
      nextSample: frame.sampleIndex,
      playedUntilMs: nowMs,
    };
    const turn = this.#turn;
    turn.missingSamples += Math.max(0, frame.sampleIndex - turn.nextSample);
    turn.nextSample = frame.sampleIndex + frame.pcm.length;
    turn.samples += frame.pcm.length;
    turn.dryMs = Math.max(turn.dryMs, nowMs - turn.playedUntilMs);
    turn.playedUntilMs = Math.max(turn.playedUntilMs, nowMs) + (frame.pcm.length / VOICE_SAMPLE_RATE_HZ) * 1_000;
  }

  #report(): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    const aheadMs = Math.max(0, turn.playedUntilMs - this.#clock.nowMs());
    const positionSamples = Math.round(turn.nextSample - (aheadMs / 1_000) * VOICE_SAMPLE_RATE_HZ);
    this.#say({ type: "playout", positionSamples: Math.max(0, positionSamples) });
  }

  #say(message: ClientMessage): void {
    for (const listener of this.#listeners) listener(JSON.stringify(message));
  }
}
