import type { WebSocket } from "ws";
import type { ClientConnection } from "#core/ports/client-connection";

/** A WebSocket as a ClientConnection. Both ends of a protocol may use it: a server's peer, or a client's own socket. */
export function createSocketConnection(socket: WebSocket, remoteAddress?: string): ClientConnection {
  // A broken peer (bad frame, too large a message) is closed by ws itself with the right code.
  socket.on("error", () => undefined);
  return {
    protocol: socket.protocol === "" ? undefined : socket.protocol,
    remoteAddress,
    send: (data) => {
      if (socket.readyState === socket.OPEN) socket.send(data);
    },
    get bufferedBytes() {
      return socket.bufferedAmount;
    },
    close: (code, reason) => socket.close(code, reason),
    onMessage: (listener) => {
      socket.on("message", (data: Buffer | ArrayBuffer | Buffer[], isBinary: boolean) => {
        const bytes = Array.isArray(data)
          ? Buffer.concat(data)
          : data instanceof ArrayBuffer
            ? Buffer.from(data)
            : data;
        listener(isBinary ? bytes : bytes.toString("utf8"));
      });
    },
    onClose: (listener) => void socket.once("close", listener),
  };
}
