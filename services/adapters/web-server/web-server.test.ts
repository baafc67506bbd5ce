import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterEach, beforeEach, expect, it } from "vitest";
import { WebSocket } from "ws";
import { PROTOCOL_NAME } from "#contracts/protocol/limits";
import { silentLogger } from "#core/ports/logger";
import { FakeClock } from "#testing/fake-clock";
import { createWebServer, type WebServer } from "./web-server";

let web: WebServer;
let refusedCount: number;
const sockets: { destroy(): void }[] = [];

const open = (host = "127.0.0.1"): Promise<WebServer> =>
  createWebServer({
    host,
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    maxConnections: 2,
    uiFolder: undefined,
    routes: new Map([["/healthz", () => ({ status: 200, contentType: "text/plain", body: "ok" })]]),
    onConnection: () => undefined,
    onRefused: () => void refusedCount++,
    clock: new FakeClock(),
    log: silentLogger,
  });

beforeEach(async () => {
  refusedCount = 0;
  web = await open();
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await web.close();
});

it("[P13] connections beyond the limit are dropped", async () => {
  const open = async (): Promise<Socket> => {
    const socket = connect({ port: web.port, host: "127.0.0.1" });
    sockets.push(socket);
    await once(socket, "connect");
    return socket;
  };
  await open();
  await open();
  const third = await open();
  third.resume();
  await once(third, "close");
});

it.each([
  ["a page from elsewhere", { origin: "https://evil.example" }],
  ["a name that was rebound", { headers: { host: "evil.example" } }],
])("[P1] a WebSocket of %s is refused", async (_who, options) => {
  const socket = new WebSocket(`ws://127.0.0.1:${web.port}/`, PROTOCOL_NAME, options);
  sockets.push({ destroy: () => socket.terminate() });
  const answered = new Promise<Error>((resolve) => socket.once("error", resolve));
  expect((await answered).message).toContain("403");
  expect(refusedCount).toBe(1);
});

it.each([
  ["POST", "127.0.0.1", 405],
  ["GET", "evil.example", 403],
  ["GET", "127.0.0.1", 200],
])("[P1] %s with the host %s is answered by %i", async (method, host, status) => {
  const socket = connect({ port: web.port, host: "127.0.0.1" });
  sockets.push(socket);
  socket.write(`${method} /healthz HTTP/1.1\r\nHost: ${host}:${web.port}\r\nConnection: close\r\n\r\n`);
  const [answer] = (await once(socket, "data")) as [Buffer];
  expect(answer.toString()).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
});

it("an address that is not this computer's is told as one of the configuration", async () => {
  await expect(open("192.0.2.1")).rejects.toMatchObject({
    code: "bad-config",
    message: expect.stringContaining("192.0.2.1:0") as unknown,
  });
});
