import { isLoopback } from "#adapters/web-server/host-policy";
import type { Asker, TextAnswer, WebServerOptions } from "#adapters/web-server/web-server";
import { isSameSecret } from "#orchestrator/same-secret";
import type { Readiness } from "#orchestrator/orchestrator";

export interface StatusRoutesOptions {
  /** Address that the server is bound to. */
  host: string;
  token: string | undefined;
  readiness(): Readiness;
  /** Prometheus text exposition format. */
  expose(): Promise<string>;
}

/**
 * `/healthz`, `/readyz` and `/metrics`. On another address than loopback figures and reasons are for those who show the
 * token as `Authorization: Bearer …`; whether Parley lives and is ready is no secret.
 */
export function createStatusRoutes({
  host,
  token,
  readiness,
  expose,
}: StatusRoutesOptions): WebServerOptions["routes"] {
  const isKnown = ({ authorization = "" }: Asker): boolean =>
    isLoopback(host) || (token !== undefined && isSameSecret(`Bearer ${token}`, authorization));
  return new Map<string, (asker: Asker) => TextAnswer | Promise<TextAnswer>>([
    ["/healthz", () => json(200, { status: "ok" })],
    [
      "/readyz",
      (asker) => {
        const { isReady, reasons } = readiness();
        const status = isReady ? "ready" : "not ready";
        return json(isReady ? 200 : 503, isKnown(asker) ? { status, reasons } : { status });
      },
    ],
    [
      "/metrics",
      async (asker) =>
        isKnown(asker)
          ? { status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: await expose() }
          : json(401, { error: "Send Parley's token as Authorization: Bearer …" }),
    ],
  ]);
}

export function json(status: number, body: unknown): TextAnswer {
  return { status, contentType: "application/json", body: `${JSON.stringify(body)}\n` };
}
