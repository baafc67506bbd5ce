import { networkInterfaces } from "node:os";
import { fileURLToPath } from "node:url";
import { Redis } from "ioredis";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { silentLogger } from "#core/ports/logger";
import { findFreePort, startTestRedis, type TestRedis } from "#testing/test-redis";
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
