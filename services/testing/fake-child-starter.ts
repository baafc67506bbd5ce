import type { ChildHandle, ChildSpec, ChildStarter } from "#core/ports/child-process";

/** A child that a test plays by hand. */
export class FakeChild implements ChildHandle {
  readonly pid: number;
  readonly spec: ChildSpec;
  readonly received: unknown[] = [];
  readonly kills: ("term" | "force")[] = [];
  readonly #messageListeners: ((message: unknown) => void)[] = [];
  readonly #exitListeners: ((exit: { code: number | null; signal: string | null }) => void)[] = [];

  constructor(spec: ChildSpec, pid: number) {
    this.spec = spec;
    this.pid = pid;
  }

  send(message: unknown): void {
    this.received.push(message);
  }

  onMessage(listener: (message: unknown) => void): void {
    this.#messageListeners.push(listener);
  }

  onExit(listener: (exit: { code: number | null; signal: string | null }) => void): void {
    this.#exitListeners.push(listener);
  }

  kill(options?: { force?: boolean }): void {
    this.kills.push(options?.force === true ? "force" : "term");
    if (options?.force === true) this.exit(null, "SIGKILL");
  }

  say(message: unknown): void {
    for (const listener of this.#messageListeners) listener(message);
  }

  exit(code: number | null, signal: string | null = null): void {
    for (const listener of this.#exitListeners) listener({ code, signal });
  }
}

/** Remembers the children it started. */
export class FakeChildStarter implements ChildStarter {
  readonly children: FakeChild[] = [];

  start(spec: ChildSpec): FakeChild {
    const child = new FakeChild(spec, 1_000 + this.children.length);
    this.children.push(child);
    return child;
  }

  /** The one started last. */
  get latest(): FakeChild {
    const child = this.children.at(-1);
    if (child === undefined) throw new Error("no child was started");
    return child;
  }
}
