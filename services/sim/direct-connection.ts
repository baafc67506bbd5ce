import { CloseCode, PROTOCOL_NAME } from "#contracts/protocol/limits";
import type { TransportConnector, TransportEvents } from "#core/client/client-transport";
import type { ClientConnection } from "#core/ports/client-connection";
import type { Clock } from "#core/ports/clock";

/** A client's connection to an orchestrator in the same process: whatever goes either way is under way for `delayMs`. */
export function createDirectConnector(deps: {
  accept(connection: ClientConnection): void;
  clock: Clock;
  delayMs: number;
}): TransportConnector {
  return (events) => {
    const line = new Line(deps.clock, deps.delayMs, events);
    line.later(() => {
      deps.accept(line.serverEnd);
      line.later(() => events.onOpen());
    });
    return line.clientEnd;
  };
}

class Line {
  readonly #clock: Clock;
  readonly #delayMs: number;
  readonly #events: TransportEvents;
  #isOpen = true;
  #onMessage: (data: string | Uint8Array) => void = () => undefined;
  #onClose: () => void = () => undefined;

  constructor(clock: Clock, delayMs: number, events: TransportEvents) {
    this.#clock = clock;
    this.#delayMs = delayMs;
    this.#events = events;
  }

  readonly clientEnd = {
    send: (data: string | Uint8Array) => this.later(() => this.#isOpen && this.#onMessage(data)),
    close: (code: number) => this.later(() => this.#close(code)),
    bufferedBytes: 0,
  };

  readonly serverEnd: ClientConnection = {
    protocol: PROTOCOL_NAME,
    bufferedBytes: 0,
    send: (data) => this.later(() => this.#isOpen && this.#events.onMessage(data)),
    close: (code) => this.later(() => this.#close(code)),
    onMessage: (listener) => void (this.#onMessage = listener),
    onClose: (listener) => void (this.#onClose = listener),
  };

  later(act: () => unknown): void {
    this.#clock.setTimer(this.#delayMs, act);
  }

  #close(code: number = CloseCode.normal): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#onClose();
    this.#events.onClose({ code });
  }
}
