import { readFileSync } from "node:fs";
import { get } from "node:https";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { systemClock } from "#adapters/system/system-clock";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { PROTOCOL_NAME } from "#contracts/protocol/limits";
import { WrongTokens } from "#core/limits/wrong-tokens";
import { silentLogger } from "#core/ports/logger";
import { servePage } from "./serve-page";
import { createStatusRoutes } from "./status-routes";

const TOKEN = "a-token-of-the-test";
const fixture = (name: string): string => fileURLToPath(new URL(`../testing/fixtures/tls/${name}`, import.meta.url));
const ca = readFileSync(fixture("ca.crt"));
const tls = { tlsCertFile: fixture("server.crt"), tlsKeyFile: fixture("server.key") };

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

async function serve(
  server: Partial<OrchestratorConfig["server"]>,
): Promise<{ port: number; protocols: unknown[]; addresses: unknown[] }> {
  const protocols: unknown[] = [];
  const addresses: unknown[] = [];
  const config = OrchestratorConfig.parse({ server: { port: 0, ...server } }).server;
  const web = await servePage(config, {
    routes: createStatusRoutes({
      host: config.host,
      token: TOKEN,
      wrongTokens: new WrongTokens(systemClock),
      readiness: () => ({ isReady: false, reasons: ["redis.example refused the password."] }),
      expose: () => Promise.resolve("parley_sessions 1\n"),
    }),
    onConnection: ({ protocol, remoteAddress }) => {
      protocols.push(protocol);
      addresses.push(remoteAddress);
    },
    onRefused: () => undefined,
    log: silentLogger,
  });
  cleanUps.push(() => web.close());
  return { port: web.port, protocols, addresses };
}

function getSecurely(port: number, path: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    get({ host: "localhost", port, path, ca, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    }).on("error", reject);
  });
}

describe("[P13] TLS", () => {
  it("serves https and wss on the network, and nothing plain", async () => {
    const { port, protocols, addresses } = await serve({ host: "0.0.0.0", ...tls });
    expect(await getSecurely(port, "/healthz")).toBe(200);
    const socket = new WebSocket(`wss://localhost:${port}/`, PROTOCOL_NAME, {
      ca,
      origin: `https://localhost:${port}`,
    });
    await new Promise((resolve, reject) => socket.once("open", resolve).once("error", reject));
    socket.terminate();
    expect(protocols).toEqual([PROTOCOL_NAME]);
    expect(String(addresses)).toMatch(/127\.0\.0\.1|::1/);
    await expect(fetch(`http://localhost:${port}/healthz`)).rejects.toThrow();
  });

  it("is left out on loopback, where the supervisor asks", async () => {
    const { port } = await serve({ host: "127.0.0.1", ...tls });
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  it.each([
    ["bad-config", { ...tls, tlsKeyFile: "" }],
    ["bad-config", { ...tls, tlsCertFile: fixture("ca.crt") }],
    ["file-unreadable", { ...tls, tlsCertFile: fixture("nobody.crt") }],
  ])("%s for files that will not do", async (code, files) => {
    await expect(serve({ host: "0.0.0.0", ...files })).rejects.toMatchObject({ code });
  });
});

describe("[P13] figures and reasons", () => {
  const ask = async (host: string, authorization?: string): Promise<[number, string]> => {
    const { port } = await serve({ host });
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    const metrics = await fetch(`http://127.0.0.1:${port}/metrics`, { headers });
    const ready = await fetch(`http://127.0.0.1:${port}/readyz`, { headers });
    expect(ready.status).toBe(503);
    return [metrics.status, await ready.text()];
  };

  it.each([undefined, "Bearer ", "Bearer wrong", TOKEN])("on the network are not for %s", async (authorization) => {
    const [status, reasons] = await ask("0.0.0.0", authorization);
    expect(status).toBe(401);
    expect(reasons).not.toContain("redis.example");
  });

  it("on the network are for those who show the token", async () => {
    const [status, reasons] = await ask("0.0.0.0", `Bearer ${TOKEN}`);
    expect(status).toBe(200);
    expect(reasons).toContain("redis.example");
  });

  it("[P4] are for nobody at an address that has sent 20 wrong tokens", async () => {
    const { port } = await serve({ host: "0.0.0.0" });
    const ask = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}` };
      return (await fetch(`http://127.0.0.1:${port}/metrics`, { headers })).status;
    };
    for (let i = 0; i < 20; i++) expect(await ask(`guess ${i}`)).toBe(401);
    expect(await ask(TOKEN)).toBe(429);
    expect((await fetch(`http://127.0.0.1:${port}/healthz`)).status).toBe(200);
  });

  it("on loopback are for this computer", async () => {
    const [status, reasons] = await ask("127.0.0.1");
    expect(status).toBe(200);
    expect(reasons).toContain("redis.example");
  });
});
