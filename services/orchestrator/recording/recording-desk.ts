import type { ServerMessage } from "#contracts/protocol/server-message";
import type { RecordedSettings, RecordingScope } from "#contracts/recording/recording";
import type { Clock } from "#core/ports/clock";
import type { SessionRecorder } from "#core/ports/session-recorder";
import type { TurnDelays } from "#core/settings/turn-presets";
import { SessionTap, type SessionFacts } from "./session-tap";

/** What keeping conversations stands on. */
export interface RecordingServices {
  recorder: SessionRecorder;
  /** Where it keeps them, for people. */
  folder: string;
  /** To begin with. */
  scope: RecordingScope;
  /** Settings that a recording tells; the delays are those of its session. */
  config: RecordedSettings;
}

export interface RecordableSession {
  facts(): Omit<SessionFacts, "config"> & { delays: TurnDelays };
  notify(message: ServerMessage): void;
}

/** What is kept of the sessions of this orchestrator: one scope for all of them, which may change while they run. */
export class RecordingDesk {
  readonly #services: RecordingServices;
  readonly #clock: Clock;
  readonly #taps = new Set<SessionTap>();
  #scope: RecordingScope;
  #ending: Promise<unknown> = Promise.resolve();

  constructor(services: RecordingServices, clock: Clock) {
    this.#services = services;
    this.#clock = clock;
    this.#scope = services.scope;
  }

  setScope(scope: RecordingScope): void {
    this.#scope = scope;
    for (const tap of this.#taps) tap.setScope(scope);
  }

  /** For one session, until it is disposed. */
  tap(session: RecordableSession): SessionTap {
    const { recorder, config } = this.#services;
    const tap = new SessionTap({
      recorder,
      clock: this.#clock,
      scope: this.#scope,
      facts: () => {
        const { delays, ...facts } = session.facts();
        const { endpointDelayMs, minInterruptionMs } = delays;
        return { ...facts, config: { ...config, turn: { ...config.turn, endpointDelayMs, minInterruptionMs } } };
      },
      notify: (message) => session.notify(message),
      onDisposed: () => {
        this.#taps.delete(tap);
        this.#ending = Promise.all([this.#ending, tap.written]);
      },
    });
    this.#taps.add(tap);
    return tap;
  }

  /** Resolves when the recordings of the sessions that have ended are written. */
  async written(): Promise<void> {
    await this.#ending;
  }
}
