import { connect } from "node:net";
import { eventOf, inBatches, inTime, type Door } from "./door";
import type { Mutator } from "./mutate";

const CONNECTIONS_AT_ONCE = 16;

function requests(port: number): string[] {
  const head = `HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\n`;
  const upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
  const key = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: parley.v1\r\n";
  return [
    `GET / ${head}\r\n`,
    `GET /healthz?a=b ${head}Origin: http://127.0.0.1:${port}\r\n\r\n`,
    `GET /metrics ${head}Authorization: Bearer secret\r\n\r\n`,
    `GET /assets/%2e%2e/%2e%2e/package.json ${head}Range: bytes=0-99\r\nIf-None-Match: "x"\r\n\r\n`,
    `POST /readyz ${head}Content-Length: 4\r\n\r\nbody`,
    `POST / ${head}Transfer-Encoding: chunked\r\n\r\n4\r\nbody\r\n0\r\n\r\n`,
    // An open WebSocket, and frames that are none.
    `GET / ${head}${upgrade}${key}\r\n\u0001\u007f\u0000\u0000`,
    `OPTIONS * ${head}Connection: close\r\n\r\n`,
  ];
}

/** Every message is a connection of its own: raw bytes that were a request once. */
export function createHttpDoor(port: number, mutator: Mutator): Door {
  const samples = requests(port);
  const send = async (): Promise<void> => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.on("error", () => undefined);
    const closed = eventOf(socket, "close");
    socket.resume();
    socket.end(mutator.bytes(Buffer.from(mutator.pick(samples))));
    await inTime("the end of an HTTP connection", closed);
  };
  return {
    name: "HTTP",
    knock: (messageCount) => inBatches(messageCount, { atOnce: CONNECTIONS_AT_ONCE, perStep: 1 }, send),
    async check() {
      const response = await inTime("/healthz", fetch(`http://127.0.0.1:${port}/healthz`));
      await response.arrayBuffer();
      if (response.status !== 200) throw new Error(`/healthz answers ${response.status}`);
    },
    close: () => undefined,
  };
}
