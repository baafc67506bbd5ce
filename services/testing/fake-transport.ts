import type { ServerMessage } from "#contracts/protocol/server-message";
import type { ClientTransport, TransportConnector, TransportEvents } from "#core/client/client-transport";

/** The orchestrator's end of a client's connection, moved by hand. */
export class FakeConnection implements ClientTransport {
  bufferedBytes = 0;
  readonly sentText: unknown[] = [];
  readonly sentBytes: Uint8Array[] = [];
  closedWith: number | undefined;
  readonly #events: TransportEvents;

  constructor(events: TransportEvents) {
    this.#events = events;
  }

  send(data: string | Uint8Array<ArrayBuffer>): void {
    if (typeof data === "string") this.sentText.push(JSON.parse(data));
    else this.sentBytes.push(data);
  }

  close(code: number): void {
    this.closedWith = code;
  }

  open(): void {
    this.#events.onOpen();
  }

  deliver(data: ServerMessage | string | Uint8Array): void {
    this.#events.onMessage(typeof data === "string" || data instanceof Uint8Array ? data : JSON.stringify(data));
  }

  drop(code = 1006): void {
    this.#events.onClose({ code });
  }
}

/** Connections that the client has opened, oldest first. */
export function createFakeConnector(): {
  connect: TransportConnector;
  connections: FakeConnection[];
  latest(): FakeConnection;
} {
  const connections: FakeConnection[] = [];
  return {
    connections,
    connect: (events) => {
      const connection = new FakeConnection(events);
      connections.push(connection);
      return connection;
    },
    latest: () => {
      const connection = connections.at(-1);
      if (connection === undefined) throw new Error("the client has opened no connection");
      return connection;
    },
  };
}
