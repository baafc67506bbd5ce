import { existsSync } from "node:fs";
import { systemClock } from "#adapters/system/system-clock";
import { isLoopback } from "#adapters/web-server/host-policy";
import { createWebServer, type WebServer, type WebServerOptions } from "#adapters/web-server/web-server";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { places } from "./places";
import { readTls } from "./tls-files";

type Given = Pick<WebServerOptions, "routes" | "onConnection" | "onRefused" | "log">;

/** Far more than the most conversations, pages and tools that one computer carries. */
const MAX_CONNECTIONS = 1_024;

/** Whether this server speaks TLS: loopback stays plain, for the supervisor, the window and the health checks. */
export function isTlsServed({ host, tlsCertFile, tlsKeyFile }: OrchestratorConfig["server"]): boolean {
  return !isLoopback(host) && (tlsCertFile !== "" || tlsKeyFile !== "");
}

/** The page and the WebSocket as configured. Throws `bad-config`, `file-unreadable`, `port-in-use`. */
export async function servePage(server: OrchestratorConfig["server"], given: Given): Promise<WebServer> {
  return createWebServer({
    ...given,
    host: server.host,
    port: server.port,
    allowedHosts: server.allowedHosts,
    allowedOrigins: server.allowedOrigins,
    tls: isTlsServed(server) ? await readTls("server", server) : undefined,
    maxConnections: Math.max(MAX_CONNECTIONS, 2 * (server.maxSessions ?? 0)),
    uiFolder: existsSync(places.uiFolder) ? places.uiFolder : undefined,
    clock: systemClock,
  });
}
