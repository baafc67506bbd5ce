import { PROTOCOL_NAME } from "#contracts/protocol/limits";
import type { TransportConnector } from "#core/client/client-transport";

/** Connects to the orchestrator at this ws:// address, read at each attempt, for the subprotocol that is asked for. */
export function createBrowserConnector(readUrl: () => string, protocol: string = PROTOCOL_NAME): TransportConnector {
  return (events) => {
    const socket = new WebSocket(readUrl(), protocol);
    socket.binaryType = "arraybuffer";
    socket.onopen = () => events.onOpen();
    socket.onmessage = ({ data }: MessageEvent<string | ArrayBuffer>) =>
      events.onMessage(typeof data === "string" ? data : new Uint8Array(data));
    socket.onclose = ({ code }) => events.onClose({ code });
    return {
      send: (data) => {
        if (socket.readyState === WebSocket.OPEN) socket.send(data);
      },
      close: (code) => socket.close(code),
      get bufferedBytes() {
        return socket.bufferedAmount;
      },
    };
  };
}
