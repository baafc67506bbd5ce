import { ADMIN_PROTOCOL_NAME } from "#contracts/protocol/admin";
import type { TransportConnector } from "#core/client/client-transport";
import type { ClientConnection } from "#core/ports/client-connection";

/** Connects an `AdminClient` to an orchestrator without a network. */
export function connectAdmin(accept: (connection: ClientConnection) => void): TransportConnector {
  return (events) => {
    let onMessage: (data: string | Uint8Array) => void = () => undefined;
    let onClose: () => void = () => undefined;
    accept({
      protocol: ADMIN_PROTOCOL_NAME,
      bufferedBytes: 0,
      send: (data) => queueMicrotask(() => events.onMessage(data)),
      close: (code) => queueMicrotask(() => events.onClose({ code })),
      onMessage: (listener) => void (onMessage = listener),
      onClose: (listener) => void (onClose = listener),
    });
    queueMicrotask(() => events.onOpen());
    return { bufferedBytes: 0, send: (data) => onMessage(data), close: () => onClose() };
  };
}
