import { PROTOCOL_NAME } from "#contracts/protocol/limits";
import type { TransportConnector } from "#core/client/client-transport";

/** Connects to the orchestrator that served this page, for the subprotocol that is asked for. */
export function createBrowserConnector(page: Location, protocol: string = PROTOCOL_NAME): TransportConnector {
  const url = `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/`;
  return (events) => {
    const socket = new WebSocket(url, protocol);
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
