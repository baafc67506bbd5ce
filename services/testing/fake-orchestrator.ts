import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import sirv from "sirv";
import { WebSocketServer, type WebSocket } from "ws";
import { AppError, toWireError, type ErrorCode } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { decodeAudioFrame } from "#contracts/protocol/audio-frame";
import { ClientMessage } from "#contracts/protocol/client-message";
import { ADMIN_PROTOCOL_NAME } from "#contracts/protocol/admin";
import { CloseCode, PROTOCOL_NAME } from "#contracts/protocol/limits";
import { FakeAdmin } from "./fake-admin";
import { FakeSession, type FakeScript } from "./fake-orchestrator-session";

export interface FakeOrchestrator {
  /** With the token in the fragment, as the real one prints it. */
  url: string;
  script: FakeScript;
  /** What the page finds behind `parley.admin.v1`. */
  admin: FakeAdmin;
  /** Ends all connections without a word, as a broken network would. */
  dropConnections(): void;
  close(): Promise<void>;
}

/** Headers with which the page must work: its own files and nothing else. */
const PAGE_HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  "permissions-policy": "microphone=(self)",
};
const TOKEN = "fake-token";
const PROTOCOLS = [PROTOCOL_NAME, ADMIN_PROTOCOL_NAME];

/** Serves the built page and a scripted `parley.v1` session: a level detector for ears, a hum for a voice. Loopback only. */
export async function startFakeOrchestrator(options: {
  rendererFolder: string;
  script: FakeScript;
  /** Default 3. */
  workerCount?: number;
}): Promise<FakeOrchestrator> {
  const { script } = options;
  const serve = sirv(options.rendererFolder, {
    setHeaders: (response) => {
      for (const [name, value] of Object.entries(PAGE_HEADERS)) response.setHeader(name, value);
    },
  });
  const server = createServer((request, response) => serve(request, response));
  const sockets = new WebSocketServer({
    server,
    handleProtocols: (offered) => PROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  const sessions = new Map<string, FakeSession>();

  const admin = new FakeAdmin({ token: TOKEN, workerCount: options.workerCount });

  sockets.on("connection", (socket) => {
    if (socket.protocol === ADMIN_PROTOCOL_NAME) {
      serveAdmin(admin, socket);
      return;
    }
    let session: FakeSession | undefined;
    socket.on("message", (data, isBinary) => {
      const bytes = Buffer.isBuffer(data) ? data : Buffer.alloc(0);
      if (isBinary) {
        const frame = decodeAudioFrame(bytes);
        if (frame !== undefined) session?.hear(frame);
        return;
      }
      const message = parseJsonWith(ClientMessage, bytes.toString("utf8"));
      if (!message.ok) return refuse(socket, "bad-message");
      if (message.value.type !== "session-start") return session?.handle(message.value);
      if (message.value.token !== TOKEN) return refuse(socket, "unauthorized");
      if (script.refuseWith !== undefined) return refuse(socket, script.refuseWith);
      session =
        sessions.get(message.value.resume?.sessionId ?? "") ?? new FakeSession(`fake-${sessions.size + 1}`, script);
      sessions.set(session.id, session);
      session.attach(socket, message.value);
    });
    socket.on("close", () => session?.detach(socket));
  });

  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/#token=${TOKEN}`,
    script,
    admin,
    dropConnections: () => sockets.clients.forEach((socket) => socket.terminate()),
    close: async () => {
      for (const session of sessions.values()) session.end();
      sockets.clients.forEach((socket) => socket.terminate());
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function serveAdmin(admin: FakeAdmin, socket: WebSocket): void {
  const served = admin.serve({
    send: (text) => socket.send(text),
    close: (code) => (code === 1006 ? socket.terminate() : socket.close(code)),
  });
  socket.on("message", (data) => served.receive((data as Buffer).toString("utf8")));
  socket.on("close", () => served.leave());
}

function refuse(socket: WebSocket, code: ErrorCode): void {
  socket.send(JSON.stringify({ type: "error", ...toWireError(new AppError(code)) }));
  const closes: Partial<Record<ErrorCode, number>> = {
    "unauthorized": CloseCode.unauthorized,
    "at-capacity": CloseCode.atCapacity,
  };
  socket.close(closes[code] ?? CloseCode.badMessage);
}
