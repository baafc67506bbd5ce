import type { ChildHandle, ChildSpec, ChildStarter } from "#core/ports/child-process";

interface ChildExit {
  code: number | null;
  signal: string | null;
}

/** A child without a process: the test plays its part. */
export interface FakeChild extends ChildHandle {
  readonly spec: ChildSpec;
  /** What the parent sent, in order. */
  readonly sent: unknown[];
  readonly hasExited: boolean;
  /** A message from the child to its parent. */
  emit(message: unknown): void;
  exit(exit?: Partial<ChildExit>): void;
}

export interface FakeChildStarter extends ChildStarter {
  /** All that were started, the last one at the end. */
  readonly children: readonly FakeChild[];
  /** The one started last. Throws when there is none. */
  readonly latest: FakeChild;
}

export interface FakeChildOptions {
  /** Called for each message of the parent, for instance to answer it. */
  onSend?: (child: FakeChild, message: unknown) => void;
}

/** Starts children that do nothing by themselves; only SIGKILL ends them. */
export function createFakeChildStarter(options: FakeChildOptions = {}): FakeChildStarter {
  const children: FakeChild[] = [];
  return {
    children,
    get latest() {
      const child = children.at(-1);
      if (child === undefined) throw new Error("no child was started");
      return child;
    },
    start(spec) {
      const child = createChild({ spec, pid: 1_000 + children.length, onSend: options.onSend });
      children.push(child);
      return child;
    },
  };
}

function createChild(options: { spec: ChildSpec; pid: number; onSend: FakeChildOptions["onSend"] }): FakeChild {
  const sent: unknown[] = [];
  const messageListeners: ((message: unknown) => void)[] = [];
  const exitListeners: ((exit: ChildExit) => void)[] = [];
  let hasExited = false;
  const child: FakeChild = {
    spec: options.spec,
    pid: options.pid,
    sent,
    get hasExited() {
      return hasExited;
    },
    send(message) {
      if (hasExited) return;
      sent.push(message);
      options.onSend?.(child, message);
    },
    onMessage: (listener) => void messageListeners.push(listener),
    onExit: (listener) => void exitListeners.push(listener),
    kill: (kill) => {
      if (kill?.force === true) child.exit({ signal: "SIGKILL" });
    },
    emit: (message) => messageListeners.forEach((listener) => listener(message)),
    exit(exit = {}) {
      if (hasExited) return;
      hasExited = true;
      const signal = exit.signal ?? null;
      exitListeners.forEach((listener) => listener({ code: exit.code ?? (signal === null ? 0 : null), signal }));
    },
  };
  return child;
}
