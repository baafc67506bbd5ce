/** Starts a part of Parley in a process of its own: a Node child (headless) or a utility process (desktop). */
export interface ChildStarter {
  start(child: ChildSpec): ChildHandle;
}

export interface ChildSpec {
  /** Entry name among the built services, for instance "ears". */
  entry: string;
  args: readonly string[];
  /** Added to the inherited environment. */
  env?: Readonly<Record<string, string>>;
}

export interface ChildHandle {
  readonly pid: number | undefined;
  /** Structured-clone messages, typed arrays included. Ignored once the child has exited. */
  send(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Called once; `code` is null when a signal ended it. */
  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void;
  /** SIGTERM, or SIGKILL with `force`. */
  kill(options?: { force?: boolean }): void;
}
