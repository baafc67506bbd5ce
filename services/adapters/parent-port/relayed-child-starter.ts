import { RelayEvent, type RelayRequest } from "#contracts/child/relay";
import { parseWith } from "#contracts/parse";
import type { ChildHandle, ChildStarter } from "#core/ports/child-process";
import type { ParentPort } from "./parent-port";

type Exit = Parameters<Parameters<ChildHandle["onExit"]>[0]>[0];

interface RelayedChild {
  messageListeners: ((message: unknown) => void)[];
  exitListeners: ((exit: Exit) => void)[];
}

/** Starts children by asking the parent process, which answers with `serveRelayedChildren`. */
export function createRelayedChildStarter(port: ParentPort): ChildStarter {
  const children = new Map<number, RelayedChild>();
  let nextId = 0;
  const ask = (request: RelayRequest): void => port.send(request);
  port.on("message", (message) => {
    const event = parseWith(RelayEvent, message);
    const child = event.ok ? children.get(event.value.id) : undefined;
    if (!event.ok || child === undefined) return;
    if (event.value.type === "relay-message") {
      for (const listener of child.messageListeners) listener(event.value.message);
      return;
    }
    children.delete(event.value.id);
    for (const listener of child.exitListeners) listener({ code: event.value.code, signal: event.value.signal });
  });
  return {
    start({ entry, args, env }) {
      const id = nextId++;
      const child: RelayedChild = { messageListeners: [], exitListeners: [] };
      children.set(id, child);
      ask({ type: "relay-start", id, entry, args: [...args], ...(env === undefined ? {} : { env: { ...env } }) });
      return {
        pid: undefined,
        send: (message) => {
          if (children.has(id)) ask({ type: "relay-send", id, message });
        },
        onMessage: (listener) => void child.messageListeners.push(listener),
        onExit: (listener) => void child.exitListeners.push(listener),
        kill: (options) => ask({ type: "relay-kill", id, force: options?.force === true }),
      };
    },
  };
}
