import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import sirv from "sirv";
import { WebSocketServer, type WebSocket } from "ws";
import { AppError } from "#contracts/errors";
import { ADMIN_PROTOCOL_NAME } from "#contracts/protocol/admin";
import { MAX_MESSAGE_BYTES, PROTOCOL_NAME } from "#contracts/protocol/limits";
import type { ClientConnection } from "#core/ports/client-connection";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import { isAllowedRequest, type HostPolicy } from "./host-policy";
import { pagePolicy } from "./page-policy";
import { createSocketConnection } from "./socket-connection";

export interface TextAnswer {
  status: number;
  contentType: string;
  body: string;
}

/** What a route is told of who asks. */
export interface Asker {
  /** The header of this name. */
  authorization: string | undefined;
  /** IP address. */
  address: string | undefined;
}

export interface WebServerOptions {
  host: string;
  /** 0: any free port. */
  port: number;
  allowedHosts: readonly string[];
  /** Pages from elsewhere that may connect. */
  allowedOrigins: readonly string[];
  /** Folder of the built page; undefined serves none. */
  uiFolder: string | undefined;
  /** Answers by path, for instance "/healthz". */
  routes: ReadonlyMap<string, (asker: Asker) => TextAnswer | Promise<TextAnswer>>;
  /** PEM texts. Absent: plain HTTP. */
  tls?: { certificate: string; key: string } | undefined;
  /** Connections at the same time; further ones are dropped. */
  maxConnections: number;
  onConnection(connection: ClientConnection): void;
  onRefused(): void;
  clock: Clock;
  log: Logger;
}

export interface WebServer {
  readonly port: number;
  close(): Promise<void>;
}

/** A peer that answers no ping for this long is gone (half-open connection). */
const PING_INTERVAL_MS = 15_000;

/** All requests are short; one that takes longer only holds a connection. */
const TIMEOUTS = { headersTimeout: 10_000, requestTimeout: 15_000, connectionsCheckingInterval: 5_000 };
const TLS_OPTIONS = { minVersion: "TLSv1.2", handshakeTimeout: 10_000 } as const;

const PROTOCOLS = [PROTOCOL_NAME, ADMIN_PROTOCOL_NAME];

const SECURITY_HEADERS = {
  "content-security-policy": pagePolicy("ws: wss:"),
  "x-content-type-options": "nosniff",
  "referrer-policy": "no-referrer",
  "permissions-policy": "microphone=(self), camera=(), geolocation=()",
};

/** HTTP and WebSocket on one port, or HTTPS and its WebSocket. Rejects with `port-in-use`, or `bad-config` for an address that is not this computer's. */
export async function createWebServer(options: WebServerOptions): Promise<WebServer> {
  const { allowedHosts, allowedOrigins } = options;
  const policy: HostPolicy = { boundHost: options.host, allowedHosts, allowedOrigins };
  const servePage =
    options.uiFolder === undefined ? undefined : sirv(options.uiFolder, { dev: false, etag: true, single: false });
  const onRequest = (request: IncomingMessage, response: ServerResponse): void =>
    void answer({ options, policy, servePage }, request, response);
  const http =
    options.tls === undefined
      ? createServer(TIMEOUTS, onRequest)
      : createTlsServer(
          { ...TIMEOUTS, ...TLS_OPTIONS, cert: options.tls.certificate, key: options.tls.key },
          onRequest,
        );
  http.maxConnections = options.maxConnections;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    handleProtocols: (offered) => PROTOCOLS.find((name) => offered.has(name)) ?? false,
  });
  http.on("upgrade", (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    if (!isAllowedRequest(policy, originOf(request))) {
      options.onRefused();
      socket.end("HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n");
      return;
    }
    sockets.handleUpgrade(request, socket, head, (peer) =>
      options.onConnection(createSocketConnection(peer, request.socket.remoteAddress)),
    );
  });
  await listen(http, options);
  const pinging = options.clock.setRepeating(PING_INTERVAL_MS, () => pingAll(sockets.clients));
  return {
    port: (http.address() as AddressInfo).port,
    async close() {
      pinging.dispose();
      for (const peer of sockets.clients) peer.close(1001, "shutting-down");
      const hurry = options.clock.setTimer(500, () => {
        for (const peer of sockets.clients) peer.terminate();
        http.closeAllConnections();
      });
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeIdleConnections();
      });
      hurry.dispose();
    },
  };
}

const silentPeers = new WeakSet<WebSocket>();

function pingAll(peers: Iterable<WebSocket>): void {
  for (const peer of peers) {
    if (silentPeers.has(peer)) {
      peer.terminate();
      continue;
    }
    silentPeers.add(peer);
    peer.once("pong", () => silentPeers.delete(peer));
    peer.ping();
  }
}

function originOf(request: IncomingMessage): { host: string | undefined; origin: string | undefined } {
  return { host: request.headers.host, origin: request.headers.origin };
}

function askerOf({ headers, socket }: IncomingMessage): Asker {
  return { authorization: headers.authorization, address: socket.remoteAddress };
}

interface Site {
  options: WebServerOptions;
  policy: HostPolicy;
  servePage: ReturnType<typeof sirv> | undefined;
}

async function answer(site: Site, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { options } = site;
  for (const [name, value] of Object.entries(SECURITY_HEADERS)) response.setHeader(name, value);
  if (!isAllowedRequest(site.policy, originOf(request)))
    return end(response, plain(403, "This address does not belong to Parley.\n"));
  if (request.method !== "GET" && request.method !== "HEAD")
    return end(response, plain(405, "Only GET is answered here.\n"));
  const path = (request.url ?? "/").split("?")[0] ?? "/";
  const route = options.routes.get(path);
  if (route !== undefined) {
    try {
      return end(response, await route(askerOf(request)));
    } catch (error) {
      options.log.error("route failed", { error, path });
      return end(response, plain(500, "Something went wrong inside Parley.\n"));
    }
  }
  if (site.servePage === undefined) return end(response, plain(404, "Nothing is here.\n"));
  site.servePage(request, response, () => end(response, plain(404, "Nothing is here.\n")));
}

function plain(status: number, body: string): TextAnswer {
  return { status, contentType: "text/plain; charset=utf-8", body };
}

function end(response: ServerResponse, text: TextAnswer): void {
  response.writeHead(text.status, { "content-type": text.contentType }).end(text.body);
}

function listen(http: Server, options: WebServerOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    http.once("error", (error: NodeJS.ErrnoException) => {
      const detail = `${options.host}:${options.port}`;
      reject(
        error.code === "EADDRINUSE" || error.code === "EACCES"
          ? new AppError("port-in-use", { detail, cause: error })
          : new AppError("bad-config", { detail: `cannot listen on ${detail}: ${error.code ?? ""}`, cause: error }),
      );
    });
    http.listen(options.port, options.host, () => {
      http.removeAllListeners("error");
      http.on("error", (error) => options.log.error("web server failed", { error }));
      resolve();
    });
  });
}
