import { RelayRequest, type RelayEvent } from "#contracts/child/relay";
import { parseWith } from "#contracts/parse";
import type { ChildHandle, ChildStarter } from "#core/ports/child-process";

/** Starts a child's children for it and carries what they say. They end with the child. */
export function serveRelayedChildren(requester: ChildHandle, starter: ChildStarter): void {
  const children = new Map<number, ChildHandle>();
  const tell = (event: RelayEvent): void => requester.send(event);
  const start = ({ id, entry, args, env }: Extract<RelayRequest, { type: "relay-start" }>): void => {
    const child = starter.start({ entry, args, ...(env === undefined ? {} : { env }) });
    children.set(id, child);
    child.onMessage((message) => tell({ type: "relay-message", id, message }));
    child.onExit((exit) => {
      children.delete(id);
      tell({ type: "relay-exit", id, ...exit });
    });
  };
  requester.onMessage((message) => {
    const parsed = parseWith(RelayRequest, message);
    if (!parsed.ok) return;
    const request = parsed.value;
    switch (request.type) {
      case "relay-start":
        return start(request);
      case "relay-send":
        return children.get(request.id)?.send(request.message);
      case "relay-kill":
        return children.get(request.id)?.kill({ force: request.force });
    }
  });
  requester.onExit(() => {
    for (const child of children.values()) child.kill({ force: true });
  });
}
