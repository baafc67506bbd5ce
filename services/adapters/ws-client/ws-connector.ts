import { WebSocket } from "ws";
import { PROTOCOL_NAME } from "#contracts/protocol/limits";
import type { TransportConnector } from "#core/client/client-transport";

/** Connects a client to an orchestrator from Node. `url`: ws:// or wss://. */
export function createWsConnector(url: string, protocol: string = PROTOCOL_NAME): TransportConnector {
  return (events) => {
    const socket = new WebSocket(url, protocol, { handshakeTimeout: 5_000, perMessageDeflate: false });
    socket.on("open", () => events.onOpen());
    socket.on("message", (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => {
      const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
      events.onMessage(isBinary ? bytes : bytes.toString("utf8"));
    });
    // An error is always followed by a close, which is what the client acts on.
    socket.on("error", () => undefined);
    socket.on("close", (code) => events.onClose({ code }));
    return {
      send: (data) => {
        if (socket.readyState === socket.OPEN) socket.send(data);
      },
      close: (code) => socket.close(code),
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
    };
  };
}
