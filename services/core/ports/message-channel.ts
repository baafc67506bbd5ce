/** One end of a pair that carries structured-clone messages between two processes. */
export interface MessageChannelEnd {
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once when the other end is gone. */
  onClose(listener: () => void): void;
}
