import { isLoopback } from "#adapters/web-server/host-policy";
import type { Asker, TextAnswer, WebServerOptions } from "#adapters/web-server/web-server";
import { AppError } from "#contracts/errors";
import type { Readiness } from "#orchestrator/orchestrator";
import { refusalOf, type TokenDoor } from "#orchestrator/token-check";

export interface StatusRoutesOptions extends TokenDoor {
  /** Address that the server is bound to. */
  host: string;
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
  wrongTokens,
  readiness,
  expose,
}: StatusRoutesOptions): WebServerOptions["routes"] {
  const refusal = ({ authorization = "", address }: Asker): ReturnType<typeof refusalOf> =>
    isLoopback(host) ? undefined : refusalOf({ token, wrongTokens }, /^Bearer (.*)$/.exec(authorization)?.[1], address);
  return new Map<string, (asker: Asker) => TextAnswer | Promise<TextAnswer>>([
    ["/healthz", () => json(200, { status: "ok" })],
    [
      "/readyz",
      (asker) => {
        const { isReady, reasons } = readiness();
        const status = isReady ? "ready" : "not ready";
        return json(isReady ? 200 : 503, refusal(asker) === undefined ? { status, reasons } : { status });
      },
    ],
    [
      "/metrics",
      async (asker) => {
        switch (refusal(asker)) {
          case undefined:
            return { status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8", body: await expose() };
          case "unauthorized":
            return json(401, { error: "Send Parley's token as Authorization: Bearer …" });
          case "too-many-wrong-tokens":
            return json(429, { error: new AppError("too-many-wrong-tokens").message });
        }
      },
    ],
  ]);
}

export function json(status: number, body: unknown): TextAnswer {
  return { status, contentType: "application/json", body: `${JSON.stringify(body)}\n` };
}
