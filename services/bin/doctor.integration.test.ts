import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer } from "node:http";
import { createServer, type AddressInfo, type Server } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { examineRedis } from "#adapters/redis-registry/redis-registry";
import { systemClock } from "#adapters/system/system-clock";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { DoctorReport, type Finding } from "#contracts/doctor/report";
import { parseJsonWith } from "#contracts/parse";
import type { Clock } from "#core/ports/clock";
import { silentLogger } from "#core/ports/logger";
import { checkModels } from "#doctor/checks/models";
import { checkRedis } from "#doctor/checks/redis";
import { checkRedisClock } from "#doctor/checks/redis-clock";
import { examine } from "#doctor/examine";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";
import { runParley } from "#testing/parley-process";
import { findFreePort, startTestRedis, type TestRedis } from "#testing/test-redis";
import { createProbes, tryWorker } from "./doctor-probes";
import { createRedisProbes } from "./doctor-redis";

const folder = mkdtempSync(path.join(os.tmpdir(), "parley-doctor-"));
let redis: TestRedis;
let at = "";

beforeAll(async () => {
  redis = await startTestRedis({
    config: ["requirepass right", "user limited on >right +hello +auth +ping +info +client +select +time"],
  });
  at = `127.0.0.1:${redis.port}`;
});
afterAll(async () => {
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** The findings about this Redis, as `parley doctor` would tell them. */
async function findingsAt(url: string, caFile = ""): Promise<Finding[]> {
  const probes = createRedisProbes(async () => OrchestratorConfig.parse({ redis: { url, ca_file: caFile } }));
  return (await examine([checkRedis(probes), checkRedisClock(probes)], systemClock)).findings;
}

async function listen(server: Server): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

describe("a real Redis", () => {
  it("that is well is ok, and its clock too", async () => {
    const found = await findingsAt(`redis://:right@${at}`);
    expect(found).toMatchObject([
      { check: "redis", status: "ok" },
      { check: "redis-clock", status: "ok" },
    ]);
    expect(JSON.stringify(found)).not.toContain("right");
  });

  it.each([
    ["redis://AT", "asks for a password", /REDIS_URL=redis:\/\/:PASSWORD@127\.0\.0\.1/],
    ["redis://:wrong@AT", "refused the password", /REDIS_PASSWORD_FILE=FILE/],
    ["redis://limited:right@AT", "may not do what Parley needs", /parley redis acl/],
    ["redis://no-such-host.invalid:1", "No computer of this name", /getent hosts no-such-host\.invalid/],
    ["http://AT", "must look like redis://", /./],
  ])("%s is explained", async (form, words, fix) => {
    const found = await findingsAt(form.replace("AT", at));
    expect(found).toMatchObject([{ check: "redis", status: "broken" }]);
    expect(found[0]?.words).toContain(words);
    expect(found[0]?.fix).toMatch(fix);
    expect(JSON.stringify(found)).not.toMatch(/wrong|:right/);
  });

  it("that is not there is explained", async () => {
    const port = await findFreePort();
    const found = await findingsAt(`redis://127.0.0.1:${port}`);
    expect(found[0]?.words).toContain("nothing listens there");
    expect(found[0]?.fix).toContain(`redis-server --port ${port}`);
  });

  it("in protected mode, with all places taken, and what is no Redis are told apart", async () => {
    const answers = ["-DENIED Redis is running in protected mode", "-ERR max number of clients reached"];
    for (const [answer, words] of [
      [answers[0], "protected mode"],
      [answers[1], "connections of the Redis server are taken"],
    ]) {
      const server = createServer((socket) => {
        socket.on("error", () => undefined);
        socket.end(`${answer}\r\n`);
      });
      const port = await listen(server);
      expect((await findingsAt(`redis://127.0.0.1:${port}`))[0]?.words).toContain(words);
      server.close();
    }
  });

  it("whose Sentinels know no master of the name is told with the command that lists them", async () => {
    const port = await findFreePort();
    const file = path.join(folder, "sentinel.conf");
    writeFileSync(file, `port ${port}\nbind 127.0.0.1\nsentinel monitor known 127.0.0.1 ${redis.port} 1\n`);
    const sentinel = spawn("redis-server", [file, "--sentinel"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      await new Promise<void>((resolve) => {
        sentinel.stdout.setEncoding("utf8").on("data", (text: string) => {
          if (text.includes("+monitor")) resolve();
        });
      });
      const [found] = await findingsAt(`redis+sentinel://127.0.0.1:${port}/unknown`);
      expect(found?.words).toContain("know no master of this name");
      expect(found?.fix).toContain("SENTINEL masters");
    } finally {
      sentinel.kill("SIGKILL");
      await once(sentinel, "exit");
    }
  });

  it("is asked for its clock", async () => {
    const early: Clock = { ...systemClock, wallTime: () => new Date(Date.now() - 60_000) };
    const options = { url: `redis://:right@${at}`, log: silentLogger };
    expect((await examineRedis({ ...options, clock: early })).skewMs).toBeGreaterThan(59_000);
    expect(Math.abs((await examineRedis({ ...options, clock: systemClock })).skewMs)).toBeLessThan(2_000);
  });
});

describe("a worker's address", () => {
  it("where nothing listens, and where no worker does, are told apart", async () => {
    const options = { protoPath: fileURLToPath(new URL("tts.proto", DIST_ENTRY_FOLDER)), token: undefined };
    const worker = (port: number) => ({ name: "w", address: `127.0.0.1:${port}`, isForeign: false });
    expect(await tryWorker(worker(await findFreePort()), options)).toEqual({
      type: "unreachable",
      reason: "nothing listens there",
    });
    const page = createHttpServer((_request, response) => response.end("hello"));
    expect(await tryWorker(worker(await listen(page)), options)).toEqual({ type: "not-grpc" });
    page.closeAllConnections();
    page.close();
  });
});

describe("parley doctor", () => {
  it("knows the models that are installed", async () => {
    expect((await examine([checkModels(createProbes({}))], systemClock)).findings).toMatchObject([{ status: "ok" }]);
  });

  it("tells of a speech runtime that cannot be loaded, as it does not need one itself", async () => {
    const hook = `export const resolve = (name, context, next) => {
      if (name === "onnxruntime-node") throw new Error("no binding for this computer");
      return next(name, context);
    };`;
    const dataUrl = (code: string): string => `data:text/javascript;base64,${Buffer.from(code).toString("base64")}`;
    const loader = `import { register } from "node:module"; register("${dataUrl(hook)}");`;
    const run = runParley(["doctor", "--only", "inference"], { env: { NODE_OPTIONS: `--import=${dataUrl(loader)}` } });
    expect(await run.ended).toBe(1);
    expect(run.stdout).toMatch(/^broken +inference +ONNX Runtime does not run here: no binding for this computer\.$/m);
    expect(run.stderr).toBe("");
  });

  it("prints one document, without a stack, and exits with 1 when something is broken", async () => {
    const run = runParley(["doctor", "--json"], { env: { REDIS_URL: "redis://:hidden@127.0.0.1:1" } });
    expect(await run.ended).toBe(1);
    const report = parseJsonWith(DoctorReport, run.stdout);
    const broken = report.ok ? report.value.findings.filter(({ status }) => status === "broken") : [];
    expect(broken).toMatchObject([
      { check: "redis", fix: expect.stringContaining("redis-server --port 1") as unknown },
    ]);
    expect(run.stdout + run.stderr).not.toMatch(/hidden|\n\s+at /);
  });
});
