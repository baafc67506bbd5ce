import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { systemClock } from "#adapters/system/system-clock";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { DoctorReport, type Finding } from "#contracts/doctor/report";
import { parseJsonWith } from "#contracts/parse";
import { checkRedis } from "#doctor/checks/redis";
import { examine } from "#doctor/examine";
import { createNamespace, namespaceProblem } from "#testing/network-namespace";
import { runParley, type ParleyRunOptions } from "#testing/parley-process";
import { findFreePort, startTestRedis, type TestRedis } from "#testing/test-redis";
import { createRedisProbes } from "./doctor-redis";

/** "nobody", which owns nothing. */
const NOBODY = 65_534;

/** A user without a name, as containers have. */
const NAMELESS = 54_321;

const tls = (name: string): string => fileURLToPath(new URL(`../testing/fixtures/tls/${name}`, import.meta.url));

/** What the command line finds with one check. */
async function doctor(only: string, options: ParleyRunOptions): Promise<Finding[]> {
  const run = runParley(["doctor", "--only", only, "--json"], options);
  await run.ended;
  const report = parseJsonWith(DoctorReport, run.stdout);
  if (!report.ok) throw new Error(`${report.issues}\n${run.stdout}${run.stderr}`);
  return report.value.findings;
}

describe("a Redis with TLS", () => {
  const servers: TestRedis[] = [];
  async function start(certificate: string, clients: "yes" | "no" = "no"): Promise<number> {
    const port = await findFreePort();
    const config = [
      "port 0",
      "bind 127.0.0.1 127.0.0.2",
      `tls-port ${port}`,
      `tls-cert-file ${tls(certificate)}`,
      `tls-key-file ${tls("server.key")}`,
      `tls-ca-cert-file ${tls("ca.crt")}`,
      `tls-auth-clients ${clients}`,
    ];
    servers.push(await startTestRedis({ port, config }));
    return port;
  }
  let ports: Record<"good" | "expired" | "strict", number>;
  beforeAll(async () => {
    const [good, expired, strict] = await Promise.all([
      start("server.crt"),
      start("expired.crt"),
      start("server.crt", "yes"),
    ]);
    ports = { good, expired, strict };
  });
  afterAll(() => Promise.all(servers.map((server) => server.stop())));

  const caFix = /REDIS_CA_FILE=.*openssl s_client -connect 127\.0\.0\.[12]:\d+/;
  it.each([
    ["of an authority that nobody named", "rediss://127.0.0.1", "good", "", "authority that is not known", caFix],
    ["of another authority", "rediss://127.0.0.1", "good", "expired.crt", "authority that is not known", caFix],
    ["that has expired", "rediss://127.0.0.1", "expired", "expired.crt", "it has expired", caFix],
    ["for another name", "rediss://127.0.0.2", "good", "ca.crt", "another host name", caFix],
    ["that wants one of ours", "rediss://127.0.0.1", "strict", "ca.crt", "Parley has none", /tls-auth-clients no/],
    ["asked without TLS", "redis://127.0.0.1", "good", "", "speaks TLS only", /REDIS_URL=rediss:/],
  ] as const)("%s is explained", async (_what, url, which, caFile, words, fix) => {
    const redis = { url: `${url}:${ports[which]}`, ca_file: caFile === "" ? "" : tls(caFile) };
    const probes = createRedisProbes(() => Promise.resolve(OrchestratorConfig.parse({ redis })));
    const { findings } = await examine([checkRedis(probes)], systemClock);
    expect(findings).toMatchObject([{ check: "redis", status: "broken" }]);
    expect(findings[0]?.words).toContain(words);
    expect(findings[0]?.fix).toMatch(fix);
  });

  it("with the right authority is well", async () => {
    const redis = { url: `rediss://127.0.0.1:${ports.good}`, ca_file: tls("ca.crt") };
    const probes = createRedisProbes(() => Promise.resolve(OrchestratorConfig.parse({ redis })));
    expect((await examine([checkRedis(probes)], systemClock)).findings).toMatchObject([{ status: "ok" }]);
  });
});

describe("certificates of Parley's own", () => {
  const server = (certificate: string, key: string) => ({
    PARLEY_SERVER_HOST: "0.0.0.0",
    PARLEY_TOKEN: "secret",
    PARLEY_SERVER_TLS_CERT_FILE: certificate,
    PARLEY_SERVER_TLS_KEY_FILE: key,
  });
  const worker = (certificate: string, key: string) => ({
    PARLEY_WORKER_TLS_CERT_FILE: certificate,
    PARLEY_WORKER_TLS_KEY_FILE: key,
  });

  it.each([
    ["of the page that is not there", server("/nowhere.crt", tls("server.key")), "/nowhere.crt"],
    ["of the page without a key", server(tls("server.crt"), ""), "go together"],
    ["of the worker that is not the key's", worker(tls("ca.crt"), tls("server.key")), "do not belong together"],
    ["of the worker that has expired", worker(tls("expired.crt"), tls("server.key")), "has expired"],
  ])("one %s is told", async (_what, env, words) => {
    const findings = await doctor("configuration", { env });
    const broken = findings.filter(({ status }) => status === "broken");
    expect(broken).toHaveLength(1);
    expect(broken[0]?.words).toContain(words);
  });

  it("that are good are not mentioned", async () => {
    const env = { ...server(tls("server.crt"), tls("server.key")), ...worker(tls("server.crt"), tls("server.key")) };
    expect(await doctor("configuration", { env })).toMatchObject([{ status: "ok" }]);
  });
});

const problem = namespaceProblem();

it.skipIf(problem !== undefined)(
  `a Redis to which there is no route is explained${problem === undefined ? "" : ` (skipped: ${problem})`}`,
  async () => {
    const namespace = createNamespace();
    try {
      // A network of documentation (RFC 5737), from a computer that knows no way out of its own.
      const env = { REDIS_URL: "redis://203.0.113.7:6379" };
      const [found] = await doctor("redis", { namespace: namespace.name, env });
      expect(found).toMatchObject({ status: "broken", check: "redis" });
      expect(found?.words).toContain("There is no way from here to the Redis server");
      expect(found?.fix).toContain("ip route get 203.0.113.7");
    } finally {
      namespace.remove();
    }
  },
);

const ownFile = fileURLToPath(import.meta.url);
const canBeNobody = spawnSync("setpriv", [`--reuid=${NOBODY}`, "--clear-groups", "test", "-r", ownFile]).status === 0;

it.skipIf(!canBeNobody)(
  "a port that another user's program holds is told, and how to find out whose (needs root, and a checkout that all may read)",
  async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    const env = { PARLEY_SERVER_PORT: String(port), PARLEY_WORKER_PORT: "0" };
    const [mine] = await doctor("ports", { env });
    expect(mine?.words).toContain(`(process ${process.pid})`);
    const [found] = await doctor("ports", { env, user: NOBODY });
    expect(found).toMatchObject({ check: "ports", status: "warn" });
    expect(found?.words).toBe(`Port ${port} of the page is taken by another user's program.`);
    expect(found?.fix).toContain(`sudo ss -ltnp 'sport = :${port}'`);
    server.close();
  },
);

describe("sound", () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "parley-sound-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it.skipIf(process.platform !== "linux")("without a sound server is told, with what is missing", async () => {
    const [found] = await doctor("audio", { env: { XDG_RUNTIME_DIR: folder, PULSE_SERVER: undefined } });
    expect(found).toMatchObject({ check: "audio", status: "warn" });
    expect(found?.words).toMatch(
      existsSync("/dev/snd") ? /neither PipeWire nor PulseAudio|There is no/ : /no microphone and no speaker/,
    );
    expect(found?.fix).toMatch(/arecord -l|systemctl --user start/);
  });

  it.skipIf(process.platform !== "linux")("with a PipeWire that runs is well", async () => {
    const server = createServer().listen(path.join(folder, "pipewire-0"));
    await once(server, "listening");
    const [found] = await doctor("audio", { env: { XDG_RUNTIME_DIR: folder, PULSE_SERVER: undefined } });
    expect(found).toMatchObject({ status: "ok", words: "PipeWire runs." });
    server.close();
  });
});

it.skipIf(!canBeNobody)(
  "who has no home is told what cannot be kept, and why no Redis of Parley's own starts (needs root, and a checkout that all may read)",
  async () => {
    const noFolders = { XDG_CONFIG_HOME: "", XDG_DATA_HOME: "", XDG_CACHE_HOME: "", XDG_RUNTIME_DIR: "" };
    const options = { user: NAMELESS, env: { ...noFolders, HOME: undefined } };
    const found = await doctor("disk", options);
    expect(found.map(({ words }) => words).join()).toMatch(/\/\.cache\/parley\/run: Parley's own Redis does not start/);
    const run = runParley(["orchestrator", "--port", "0"], options);
    expect(await run.ended).toBe(1);
    expect(run.stderr).toContain("(/.cache/parley/run) [file-unreadable]");
  },
);

it("settings that are damaged are told, and left where they are", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "parley-settings-"));
  const file = path.join(folder, "parley", "settings.json");
  mkdirSync(path.dirname(file));
  writeFileSync(file, "{");
  const env = { XDG_CONFIG_HOME: folder };
  const words = `The settings in ${file} cannot be understood: the usual ones hold.`;
  expect(await doctor("redis", { env })).toMatchObject([{ status: "ok" }]);
  expect(await doctor("configuration", { env })).toMatchObject([{ status: "ok" }, { status: "warn", words }]);
  const config = runParley(["config"], { env });
  await config.ended;
  expect(config.stdout).toContain(words);
  expect(readFileSync(file, "utf8")).toBe("{");
  rmSync(folder, { recursive: true });
});
