/** The way of a process to the one that started it. */
export interface ParentPort {
  /** False when nobody listens; then sending does nothing. */
  readonly connected: boolean;
  /** `onSent` is called once the message has left, or cannot. */
  send(message: unknown, onSent?: () => void): void;
  on(event: "message", listener: (message: unknown) => void): void;
  /** The parent is gone. */
  once(event: "disconnect", listener: () => void): void;
}

/** The part of Electron's `process.parentPort` that is used here. */
interface UtilityPort {
  postMessage(message: unknown): void;
  on(event: "message", listener: (event: { data: unknown }) => void): unknown;
}

/** A Node process, or a utility process of Electron. */
export interface ChildProcessGlobals {
  readonly connected?: boolean;
  send?(message: unknown, handle: undefined, options: undefined, onSent: (error: Error | null) => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "disconnect", listener: () => void): unknown;
  readonly parentPort?: UtilityPort | null;
}

/** True in a utility process of Electron, which may start no process that runs Node. */
export function isUtilityProcess(process: ChildProcessGlobals): boolean {
  return process.parentPort !== undefined && process.parentPort !== null;
}

/**
 * The same port whether this process was forked by Node or is a utility process of Electron.
 * Electron ends its utility processes itself when the main process is gone, so there `disconnect` never comes.
 */
export function createParentPort(process: ChildProcessGlobals): ParentPort {
  const { parentPort } = process;
  if (parentPort === undefined || parentPort === null) return createNodePort(process);
  return {
    connected: true,
    send: (message, onSent) => {
      parentPort.postMessage(message);
      // There is no word of its leaving; a message posted before the exit still arrives after a turn of the loop.
      if (onSent !== undefined) setTimeout(onSent, FLUSH_MS);
    },
    on: (_event, listener) => void parentPort.on("message", ({ data }) => listener(data)),
    once: () => undefined,
  };
}

const FLUSH_MS = 50;

function createNodePort(process: ChildProcessGlobals): ParentPort {
  return {
    get connected() {
      return process.connected === true;
    },
    send: (message, onSent = () => undefined) => {
      if (process.connected === true) process.send?.(message, undefined, undefined, () => onSent());
      else onSent();
    },
    on: (event, listener) => void process.on(event, listener),
    once: (event, listener) => void process.once(event, listener),
  };
}
