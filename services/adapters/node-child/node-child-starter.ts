import { fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { ChildSpec, ChildStarter } from "#core/ports/child-process";

export interface NodeChildStarterOptions {
  /** Folder of the built services: `<entry>.js` is forked. File URL that ends with a slash. */
  entryFolder: URL;
}

/**
 * Frames and messages die young, so V8 would let the young generation grow to 32 MB before it looks. With
 * 2 MB for each half a worker stands at 193 MB after 200 turns and an orchestrator at 156 MB, 41 and 35 MB less, and neither
 * speech nor hearing takes longer. So little is collected sooner by one thread than helpers are scheduled on busy cores, and
 * the thread that sends frames waits for them: with 20 sessions on two cores and other work beside them, the collections
 * of two workers together took 22 ms of a second with helpers and 16 without, the longest 13 and 6 ms.
 */
const NODE_FLAGS = ["--max-semi-space-size=2", "--single-threaded-gc"];

/**
 * For glibc; no other C library reads it. Blocks of so many bytes and more are pages of their own, which the system has back as soon as
 * they are freed. Unset, glibc raises the limit above whatever was freed last, such as a conversation's echo
 * reference, and keeps such gaps for itself: after 40,000 messages of `bench fuzz` on its WebSocket an orchestrator stood at
 * 242 MB and grew, 75 MB of its heap unused; so it stays at 167.
 */
const ALLOCATOR = { name: "MALLOC_MMAP_THRESHOLD_", value: "131072" };
/** Ears and workers hold no such blocks for long, and their decodes and clauses take 7 to 15 % more of the processor with it. */
const ENTRY_WITH = "orchestrator";

/** Not over what somebody else has set; the ears do not inherit it from the orchestrator. */
function environmentOf({ entry, env }: ChildSpec): NodeJS.ProcessEnv {
  const { name, value } = ALLOCATOR;
  // eslint-disable-next-line no-restricted-syntax -- children inherit the environment; nothing else is read from it here
  const inherited = process.env;
  const others = inherited[name] === value ? undefined : inherited[name];
  return { ...inherited, [name]: entry === ENTRY_WITH ? (others ?? value) : others, ...env };
}

/** Starts parts of Parley as Node child processes with structured-clone messages. */
export function createNodeChildStarter(options: NodeChildStarterOptions): ChildStarter {
  return {
    start(spec) {
      const child = fork(fileURLToPath(new URL(`${spec.entry}.js`, options.entryFolder)), [...spec.args], {
        serialization: "advanced",
        stdio: ["ignore", "inherit", "inherit", "ipc"],
        env: environmentOf(spec),
        execArgv: NODE_FLAGS,
      });
      return {
        pid: child.pid,
        send: (message) => {
          if (child.connected) child.send(message as object, () => undefined);
        },
        onMessage: (listener) => void child.on("message", listener),
        onExit: (listener) => {
          let hasEnded = false;
          const end = (code: number | null, signal: string | null): void => {
            if (hasEnded) return;
            hasEnded = true;
            listener({ code, signal });
          };
          child.once("exit", end);
          child.once("error", () => end(1, null));
        },
        kill: (kill) => void child.kill(kill?.force === true ? "SIGKILL" : "SIGTERM"),
      };
    },
  };
}
