import { fileURLToPath } from "node:url";
import { utilityProcess } from "electron";
import { serveRelayedChildren } from "#adapters/parent-port/serve-relayed-children";
import type { ChildHandle, ChildSpec, ChildStarter } from "#core/ports/child-process";

export interface UtilityStarterOptions {
  /** Folder of the built services: `<entry>.js` is started. File URL that ends with a slash. */
  entryFolder: URL;
  env: Readonly<Record<string, string | undefined>>;
  /** Called for each start, of children's children too. */
  onStarted?(child: ChildHandle, spec: ChildSpec): void;
}

export interface UtilityStarter extends ChildStarter {
  /** Ends whatever still runs, at once. */
  killAll(): void;
}

/** As for Node children: audio frames die young, a large young generation only costs memory. */
const NODE_FLAGS = ["--max-semi-space-size=2"];

/** Starts parts of Parley as utility processes; children that those ask for are started beside them. After `ready`. */
export function createUtilityStarter(options: UtilityStarterOptions): UtilityStarter {
  const running = new Set<ChildHandle>();
  const starter: UtilityStarter = {
    start(spec) {
      const child = startUtility(options, spec);
      running.add(child);
      child.onExit(() => running.delete(child));
      serveRelayedChildren(child, starter);
      options.onStarted?.(child, spec);
      return child;
    },
    killAll() {
      for (const child of running) child.kill({ force: true });
    },
  };
  return starter;
}

function startUtility(options: UtilityStarterOptions, spec: ChildSpec): ChildHandle {
  const child = utilityProcess.fork(fileURLToPath(new URL(`${spec.entry}.js`, options.entryFolder)), [...spec.args], {
    env: definedOf({ ...options.env, ...spec.env }),
    execArgv: NODE_FLAGS,
    serviceName: `parley ${spec.entry}`,
    stdio: "inherit",
  });
  return {
    get pid() {
      return child.pid;
    },
    send: (message) => child.postMessage(message),
    onMessage: (listener) => void child.on("message", listener),
    onExit: (listener) => void child.once("exit", (code) => listener({ code, signal: null })),
    kill: (kill) => {
      if (kill?.force !== true) child.kill();
      else if (child.pid !== undefined) process.kill(child.pid, "SIGKILL");
    },
  };
}

function definedOf(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const pairs = Object.entries(env).filter((pair): pair is [string, string] => pair[1] !== undefined);
  return Object.fromEntries(pairs);
}
