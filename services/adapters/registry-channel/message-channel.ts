import type { ChildHandle } from "#core/ports/child-process";
import type { MessageChannelEnd } from "#core/ports/message-channel";

/** The parent's end of the channel to a child. */
export function channelToChild(child: ChildHandle): MessageChannelEnd {
  return {
    send: (message) => child.send(message),
    onMessage: (listener) => child.onMessage(listener),
    onClose: (listener) => child.onExit(() => listener()),
  };
}

/** What a forked child sees of its parent; the port of adapters/parent-port fits. */
export interface ParentPort {
  readonly connected?: boolean;
  send?(message: unknown, onSent: () => void): unknown;
  on(event: "message", listener: (message: unknown) => void): unknown;
  once(event: "disconnect", listener: () => void): unknown;
}

/** The child's end of the channel to its parent. */
export function channelToParent(port: ParentPort): MessageChannelEnd {
  return {
    send: (message) => {
      if (port.connected === true) port.send?.(message, () => undefined);
    },
    onMessage: (listener) => void port.on("message", listener),
    onClose: (listener) => {
      if (port.connected === true) port.once("disconnect", listener);
      else listener();
    },
  };
}
