/** One connection to an orchestrator, already asked for the subprotocol of `limits.ts`. Binary messages arrive as bytes. */
export interface ClientTransport {
  /** Ignored when the connection is not open. */
  send(data: string | Uint8Array<ArrayBuffer>): void;
  /** Starts the closing handshake; `onClose` follows. */
  close(code: number): void;
  /** Bytes handed to `send` that have not reached the network yet. */
  readonly bufferedBytes: number;
}

export interface TransportEvents {
  onOpen(): void;
  /** In the order in which they were sent. */
  onMessage(data: string | Uint8Array): void;
  /** Once, also when the connection never opened; nothing follows. */
  onClose(close: { code: number }): void;
}

/** Opens a connection. Events come later, never inside this call; a failure to open is a close, never a throw. */
export type TransportConnector = (events: TransportEvents) => ClientTransport;
