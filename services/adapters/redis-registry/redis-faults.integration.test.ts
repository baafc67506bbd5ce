import { networkInterfaces } from "node:os";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { toWireError } from "#contracts/errors";
import { silentLogger } from "#core/ports/logger";
import { findFreePort, startTestRedis, type TestRedis } from "#testing/test-redis";
import { startSwallowingProxy } from "#testing/swallowing-proxy";
import { connectToRedis } from "./redis-connection";
import { testRedis } from "./redis-registry";

const tls = (name: string): string => fileURLToPath(new URL(`../../testing/fixtures/tls/${name}`, import.meta.url));
const CA = tls("ca.crt");
const lanAddress = Object.values(networkInterfaces())
  .flat()
  .find((each) => each?.family === "IPv4" && !each.internal)?.address;

const attempt = (url: string, caFile?: string) => testRedis({ url, caFile, clock: systemClock, log: silentLogger });

const opened: { stop(): Promise<void> }[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.stop()));
});

describe("[RG21] a Redis with TLS", () => {
  let server: TestRedis;
  let secure: string;
  beforeAll(async () => {
    const port = await findFreePort();
    server = await startTestRedis({
      port,
      config: [
        "port 0",
        "bind 127.0.0.1 127.0.0.2",
        `tls-port ${port}`,
        `tls-cert-file ${tls("server.crt")}`,
        `tls-key-file ${tls("server.key")}`,
        `tls-ca-cert-file ${CA}`,
        "tls-auth-clients no",
      ],
    });
    secure = `rediss://127.0.0.1:${port}`;
  });
  afterAll(() => server.stop());

  it("is used with the certificate of its authority", async () => {
    expect((await attempt(secure, CA)).version).toMatch(/^\d+\.\d+/);
  });

  it("without that certificate it is not trusted", async () => {
    await expect(attempt(secure)).rejects.toMatchObject({ code: "redis-untrusted" });
  });

  it("under a name that its certificate does not hold it is not trusted", async () => {
    const elsewhere = secure.replace("127.0.0.1", "127.0.0.2");
    await expect(attempt(elsewhere, CA)).rejects.toMatchObject({ code: "redis-untrusted" });
  });

  it("asked without TLS: redis-needs-tls", async () => {
    await expect(attempt(secure.replace("rediss:", "redis:"))).rejects.toMatchObject({ code: "redis-needs-tls" });
  });

  it.each(["/nowhere/ca.crt", tls("server.key")])("a CA file that is none is told: %s", async (file) => {
    await expect(attempt(secure, file)).rejects.toMatchObject({ code: "file-unreadable" });
  });
});

describe("[RG21] a Redis that refuses", () => {
  it("TLS at a server without it: redis-without-tls, in time", { timeout: 6_000 }, async () => {
    const server = await startTestRedis();
    opened.push(server);
    await expect(attempt(server.url.replace("redis:", "rediss:"), CA)).rejects.toMatchObject({
      code: "redis-without-tls",
    });
  });

  it("all its connections are taken: redis-full", async () => {
    const server = await startTestRedis({ config: ["maxclients 1"] });
    opened.push(server);
    const only = new Redis(server.url, { disableClientInfo: true });
    await only.ping();
    await expect(attempt(server.url)).rejects.toMatchObject({ code: "redis-full" });
    only.disconnect();
  });

  it.skipIf(lanAddress === undefined)("protected mode, asked from the network: redis-protected", async () => {
    const server = await startTestRedis({ config: ["bind 0.0.0.0", "protected-mode yes"] });
    opened.push(server);
    await expect(attempt(`redis://${lanAddress}:${server.port}`)).rejects.toMatchObject({ code: "redis-protected" });
  });

  it("a name that nobody has: redis-unknown-host", async () => {
    await expect(attempt("redis://no-such-host.invalid:6379")).rejects.toMatchObject({ code: "redis-unknown-host" });
  });
});

describe("[RG20] [RG21] the configured time", () => {
  const given = { clock: systemClock, log: silentLogger };

  it("bounds the first connection", async () => {
    const proxy = await startSwallowingProxy(1);
    opened.push({ stop: () => proxy.close() });
    proxy.swallow();
    const startedAtMs = performance.now();
    const timeouts = { commandMs: 1_500, connectMs: 200 };
    await expect(connectToRedis({ url: `redis://127.0.0.1:${proxy.port}`, timeouts, ...given })).rejects.toMatchObject({
      code: "redis-unreachable",
    });
    // By default it is 2.6 s, and 0.8 s to ask why.
    expect(performance.now() - startedAtMs).toBeLessThan(3_300);
  });

  it("bounds a command, lets a slow one take longer, and cuts no wait for events", async () => {
    const server = await startTestRedis();
    opened.push(server);
    const connect = (commandMs: number) =>
      connectToRedis({ url: server.url, timeouts: { commandMs, connectMs: 2_600 }, ...given });
    const [hasty, usual, patient] = await Promise.all([connect(300), connect(1_500), connect(6_000)]);
    const events = hasty.openEvents();
    const admin = new Redis(server.url);
    // It waits for 2 s at the server.
    const nothing = events.read("nothing:here", 0);
    await admin.client("PAUSE", 1_700, "ALL");
    const ended: string[] = [];
    const ask = async (name: string, { serverTimeMs }: typeof hasty): Promise<void> => {
      const answer = await serverTimeMs().then(
        () => "answered",
        (error: unknown) => toWireError(error).code,
      );
      ended.push(`${name} ${answer}`);
    };
    await Promise.all([ask("patient", patient), ask("usual", usual), ask("hasty", hasty)]);
    expect(ended).toEqual(["hasty registry-unavailable", "usual registry-unavailable", "patient answered"]);
    expect(await nothing).toEqual([]);
    admin.disconnect();
    for (const each of [events, hasty, usual, patient]) each.close();
  });
});
