/** One client's message connection, whatever carries it. */
export interface ClientConnection {
  /** "parley.v1", or undefined for a client that asked for no subprotocol. */
  readonly protocol: string | undefined;
  /** IP address of the other end, where there is a network between. */
  readonly remoteAddress?: string | undefined;
  send(data: string | Uint8Array): void;
  /** Bytes that were sent but have not left this process. */
  readonly bufferedBytes: number;
  close(code: number, reason: string): void;
  onMessage(listener: (data: string | Uint8Array) => void): void;
  onClose(listener: () => void): void;
}
