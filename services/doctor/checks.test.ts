import { describe, expect, it } from "vitest";
import { CHECK_NAMES, type Finding } from "#contracts/doctor/report";
import { AppError, ErrorCodeSchema } from "#contracts/errors";
import { FakeClock } from "#testing/fake-clock";
import { allChecks } from "./checks";
import { KNOWN_MODELS } from "./checks/models";
import { examine } from "./examine";
import type { Probes, RedisFacts, RedisPlan } from "./probes";
import { redisFix } from "./redis-fix";
import { reportText } from "./report-text";

const plan: RedisPlan = {
  address: "r.lan:6379",
  node: { host: "r.lan", port: 6_379 },
  origin: "the environment",
  isTls: false,
};
const facts: RedisFacts = { version: "7.0.15", roundTripMs: 0.4, skewMs: 3, usedMemoryBytes: 1e6, maxMemoryBytes: 0 };

/** A computer on which nothing is wrong. */
const healthy: Probes = {
  platform: "linux",
  readConfiguration: async () => ({ notes: [] }),
  certificates: async () => [{ file: "/etc/server.crt", expiresInMs: 30 * 86_400_000 }],
  redisPlan: async () => plan,
  askRedis: async () => facts,
  redisPrograms: async () => [{ path: "/usr/bin/redis-server", label: "Redis 7.0.15", isUsable: true }],
  mayFetchRedis: async () => true,
  portHolder: async () => undefined,
  ownPorts: async () => [
    { port: 8_080, use: "page" },
    { port: 7_001, use: "worker" },
  ],
  composeFiles: async () => [],
  readiness: async () => ({ isReady: true, reasons: "" }),
  workers: async () => [{ name: "w1", address: "10.0.0.2:7001", isForeign: false }],
  tryWorker: async () => ({ type: "answers" }),
  modelFiles: async () => Object.entries(KNOWN_MODELS).map(([name, sha256]) => ({ name, sha256 })),
  inferenceProviders: async () => ["cpu"],
  freeDiskBytes: async () => ({ folder: "/home/me", freeBytes: 5e9 }),
  unwritableFolders: async () => [],
  memory: async () => ({ totalBytes: 8e9, availableBytes: 4e9 }),
  audio: async () => ({ canPlay: true, canRecord: true, soundServer: "PipeWire" }),
  windowObstacle: async () => undefined,
};

async function findings(changes: Partial<Probes>, check: Finding["check"]): Promise<Finding[]> {
  const report = await examine(allChecks({ ...healthy, ...changes }), new FakeClock());
  return report.findings.filter((finding) => finding.check === check);
}

const rejects = (error: Error) => (): Promise<never> => Promise.reject(error);
const holder = { pid: 77, program: "nginx", isParley: false };

describe("a computer on which nothing is wrong", () => {
  it("passes every check", async () => {
    const report = await examine(allChecks(healthy), new FakeClock());
    expect(report.isBroken).toBe(false);
    expect(report.findings.filter(({ status }) => status !== "ok")).toEqual([]);
    expect(new Set(report.findings.map(({ check }) => check))).toEqual(new Set(CHECK_NAMES));
    expect(allChecks(healthy).map(({ name }) => name)).toEqual([...CHECK_NAMES]);
  });
});

describe("what is wrong is told with what mends it", () => {
  const full = { ...facts, usedMemoryBytes: 95, maxMemoryBytes: 100 };
  const compose = (services: Record<string, unknown>) => async () => [
    { name: "docker-compose.yml", content: { services } as never },
  ];
  const inCompose = { environment: ["REDIS_URL=redis://redis:6379"] };
  const cases: [string, Partial<Probes>, Finding["check"], Finding["status"], RegExp, RegExp][] = [
    [
      "a wrong key",
      { readConfiguration: rejects(new AppError("bad-config", { detail: "x.yaml: there is no a" })) },
      "configuration",
      "broken",
      /there is no a/,
      /config --reference/,
    ],
    [
      "no token for the network",
      { readConfiguration: rejects(new AppError("token-required")) },
      "configuration",
      "broken",
      /token/,
      /export PARLEY_TOKEN=/,
    ],
    [
      "keys without effect",
      { readConfiguration: async () => ({ notes: ["a has no effect."] }) },
      "configuration",
      "warn",
      /^a has/,
      /./,
    ],
    [
      "a certificate that expires soon",
      { certificates: async () => [{ file: "/etc/server.crt", expiresInMs: 9.5 * 86_400_000 }] },
      "configuration",
      "warn",
      /server\.crt expires in 9 days/,
      /openssl x509/,
    ],
    [
      "a home that cannot be written to",
      {
        unwritableFolders: async () => [{ folder: "/.config/parley", variable: "XDG_CONFIG_HOME" }],
      },
      "disk",
      "warn",
      /to \/\.config\/parley: settings are not kept/,
      /export XDG_CONFIG_HOME=/,
    ],
    [
      "a Redis that refuses",
      { askRedis: rejects(new AppError("redis-unreachable")) },
      "redis",
      "broken",
      /It stands in the environment/,
      /systemctl start redis-server/,
    ],
    [
      "a wrong password",
      { askRedis: rejects(new AppError("redis-auth-failed")) },
      "redis",
      "broken",
      /refused the password/,
      /REDIS_URL=redis:\/\/:PASSWORD@r\.lan:6379/,
    ],
    [
      "a wrong address",
      { redisPlan: rejects(new AppError("bad-config", { detail: "the Redis URL" })) },
      "redis",
      "broken",
      /the Redis URL/,
      /./,
    ],
    ["a nearly full Redis", { askRedis: async () => full }, "redis", "warn", /nearly full/, /-p 6379 .*maxmemory 200/],
    [
      "a full Redis",
      { askRedis: async () => ({ ...full, usedMemoryBytes: 150 }) },
      "redis",
      "broken",
      /is full: it takes no more/,
      /-h r\.lan -p 6379 CONFIG SET maxmemory 300/,
    ],
    [
      "a clock 3 s behind",
      { askRedis: async () => ({ ...facts, skewMs: -3_000 }) },
      "redis-clock",
      "warn",
      /3\.0 s behind/,
      /timedatectl/,
    ],
    [
      "a clock 90 s ahead",
      { askRedis: async () => ({ ...facts, skewMs: 90_000 }) },
      "redis-clock",
      "broken",
      /90\.0 s ahead/,
      /timedatectl/,
    ],
    [
      "no redis-server",
      { redisPlan: async () => undefined, redisPrograms: async () => [], mayFetchRedis: async () => false },
      "redis-program",
      "broken",
      /no redis-server/,
      /apt-get install redis-server/,
    ],
    [
      "one that can be fetched",
      { redisPlan: async () => undefined, redisPrograms: async () => [] },
      "redis-program",
      "warn",
      /fetches one/,
      /apt-get/,
    ],
    [
      "an old redis-server",
      {
        redisPlan: async () => undefined,
        redisPrograms: async () => [{ path: "/r", label: "Redis 5.0.7", isUsable: false }],
      },
      "redis-program",
      "broken",
      /Redis 5\.0\.7; Parley needs 6\.2/,
      /apt-get/,
    ],
    [
      "a redis-server that does not run",
      {
        redisPlan: async () => undefined,
        redisPrograms: async () => [{ path: "/r", label: undefined, isUsable: false }],
      },
      "redis-program",
      "broken",
      /\/r does not run here/,
      /apt-get/,
    ],
    [
      "a taken port",
      { portHolder: async (port) => (port === 8_080 ? holder : undefined) },
      "ports",
      "warn",
      /8080 of the page is taken by nginx \(process 77\)/,
      /--port 8081, or kill 77/,
    ],
    [
      "a port of another user",
      { portHolder: async (port) => (port === 7_001 ? { isParley: false } : undefined) },
      "ports",
      "warn",
      /7001 of the worker is taken by another user's program/,
      /parley worker --port 7002, or sudo ss/,
    ],
    [
      "a published port that is taken",
      {
        composeFiles: compose({ redis: { ports: ["127.0.0.1:6380:6379"] } }),
        portHolder: async (port) => (port === 6_380 ? holder : undefined),
      },
      "compose",
      "broken",
      /Port 6380, which docker-compose\.yml publishes for redis, is taken by nginx/,
      /127\.0\.0\.1:16380:6380/,
    ],
    [
      "a Redis for all",
      { composeFiles: compose({ redis: { ports: ["6379:6379"] } }) },
      "compose",
      "warn",
      /without a password/,
      /--requirepass/,
    ],
    [
      "the host's port inside",
      { composeFiles: compose({ redis: {}, tts0: { environment: { REDIS_URL: "redis://redis:6380" } } }) },
      "compose",
      "broken",
      /tts0 looks for the Redis at redis:6380/,
      /redis:\/\/redis:6379/,
    ],
    [
      "localhost inside",
      { composeFiles: compose({ redis: {}, tts0: { environment: ["REDIS_URL=redis://localhost:6379"] } }) },
      "compose",
      "broken",
      /in its own container/,
      /redis:\/\/redis:6379/,
    ],
    [
      "no network together",
      { composeFiles: compose({ redis: { networks: ["tts-network"] }, tts0: inCompose }) },
      "compose",
      "broken",
      /no route to the Redis/,
      /networks: \[tts-network\]/,
    ],
    [
      "a Parley that is not ready",
      { readiness: async () => ({ isReady: false, reasons: "no worker" }) },
      "parley",
      "warn",
      /no worker/,
      /./,
    ],
    [
      "a worker that is gone",
      { tryWorker: async () => ({ type: "unreachable", reason: "nothing listens there" }) },
      "workers",
      "broken",
      /w1 at 10\.0\.0\.2:7001 cannot be reached: nothing listens/,
      /parley workers drain w1/,
    ],
    [
      "what is no worker",
      { tryWorker: async () => ({ type: "not-grpc" }) },
      "workers",
      "broken",
      /does not speak gRPC/,
      /nc -vz 10\.0\.0\.2 7001/,
    ],
    [
      "a worker with another token",
      { tryWorker: async () => ({ type: "refuses", words: "The token is wrong.", action: "Use the token." }) },
      "workers",
      "broken",
      /refuses: The token is wrong/,
      /Use the token/,
    ],
    ["a missing model", { modelFiles: async () => [] }, "models", "broken", /silero_vad_v6\.onnx is missing/, /npm ci/],
    [
      "a damaged model",
      { modelFiles: async () => Object.keys(KNOWN_MODELS).map((name) => ({ name, sha256: "0" })) },
      "models",
      "broken",
      /is damaged/,
      /npm ci/,
    ],
    [
      "no execution provider",
      { inferenceProviders: async () => [] },
      "inference",
      "broken",
      /no execution provider/,
      /npm ci/,
    ],
    [
      "a runtime that does not load",
      { inferenceProviders: rejects(new Error("libstdc++.so.6: cannot open\nstack")) },
      "inference",
      "broken",
      /libstdc\+\+\.so\.6: cannot open\.$/,
      /ldd/,
    ],
    [
      "a full disk",
      { freeDiskBytes: async () => ({ folder: "/h", freeBytes: 1e6 }) },
      "disk",
      "broken",
      /1 MB are free/,
      /df -h \/h/,
    ],
    [
      "a disk that is soon full",
      { freeDiskBytes: async () => ({ folder: "/h", freeBytes: 5e8 }) },
      "disk",
      "warn",
      /500 MB/,
      /history delete/,
    ],
    [
      "no memory",
      { memory: async () => ({ totalBytes: 4e9, availableBytes: 1e8 }) },
      "memory",
      "broken",
      /100 MB of 4\.0 GB/,
      /ps aux/,
    ],
    [
      "little memory",
      { memory: async () => ({ totalBytes: 4e9, availableBytes: 6e8 }) },
      "memory",
      "warn",
      /600 MB/,
      /ps aux/,
    ],
    [
      "no microphone",
      { audio: async () => ({ canPlay: true, canRecord: false, soundServer: undefined }) },
      "audio",
      "warn",
      /no microphone on/,
      /arecord -l/,
    ],
    [
      "no sound server",
      { audio: async () => ({ canPlay: true, canRecord: true, soundServer: undefined }) },
      "audio",
      "warn",
      /neither PipeWire nor PulseAudio/,
      /systemctl --user/,
    ],
    [
      "no Electron",
      { windowObstacle: async () => "Electron is not installed" },
      "window",
      "warn",
      /Electron is not installed/,
      /--browser/,
    ],
  ];

  it.each(cases)("%s", async (_name, changes, check, status, words, fix) => {
    const [finding] = (await findings(changes, check)).filter((each) => each.status !== "ok");
    expect(finding).toMatchObject({ check, status });
    expect(finding?.words).toMatch(words);
    expect(finding?.fix).toMatch(fix);
  });

  it("every failure of a Redis has a command", () => {
    const codes = ErrorCodeSchema.options.filter((code) => code.startsWith("redis-") && code !== "redis-not-available");
    expect(codes.filter((code) => redisFix(code, plan) === undefined)).toEqual([]);
  });

  it("the Redis of the containers is not known outside of them", () => {
    const inDocker = { ...plan, node: { host: "redis", port: 6_379 } };
    expect(redisFix("redis-unknown-host", inDocker)).toContain("docker-compose.override.yml.example");
    expect(redisFix("redis-unreachable", inDocker)).toContain("docker compose up -d redis");
  });

  it("a port that Docker itself or Parley holds is no conflict", async () => {
    const own = { portHolder: async () => ({ pid: 5, program: "node", isParley: true }) };
    expect(await findings(own, "ports")).toMatchObject([{ status: "ok" }, { status: "ok" }]);
    const composeFiles = async () => [
      { name: "c.yml", content: { services: { redis: { ports: ["127.0.0.1:6380:6379"] } } } },
    ];
    const docker = { composeFiles, portHolder: async () => ({ pid: 5, program: "docker-proxy", isParley: false }) };
    expect(await findings(docker, "compose")).toMatchObject([{ status: "ok" }]);
  });

  it("a Redis that another program has on the usual port is no fault", async () => {
    const portHolder: Probes["portHolder"] = async (port) =>
      port === 6_379 ? { pid: 9, program: "redis-server", isParley: false } : undefined;
    const [finding] = await findings({ portHolder }, "redis-ports");
    expect(finding).toMatchObject({ status: "ok" });
    expect(finding?.words).toMatch(
      /6379 is taken by redis-server \(process 9\), port 6380 is free\. That is no conflict/,
    );
  });
});

describe("the examination", () => {
  it("tells once what is wrong with a Redis, and says nothing of what cannot be known then", async () => {
    const report = await examine(
      allChecks({
        ...healthy,
        askRedis: rejects(new AppError("redis-no-route")),
        workers: rejects(new AppError("redis-no-route")),
      }),
      new FakeClock(),
    );
    expect(report.findings.filter(({ status }) => status === "broken").map(({ check }) => check)).toEqual(["redis"]);
    expect(report.isBroken).toBe(true);
  });

  it("ends in time when a check does not, and shows no stack when one fails", async () => {
    const clock = new FakeClock();
    const examining = examine(
      allChecks({
        ...healthy,
        redisPrograms: () => new Promise(() => {}),
        memory: rejects(new Error("gone\n  at x.js")),
      }),
      clock,
    );
    for (let turn = 0; turn < 20; turn += 1) await Promise.resolve();
    clock.advanceMs(4_000);
    const { findings: found, isBroken } = await examining;
    expect(found.find(({ check }) => check === "redis-program")).toMatchObject({
      status: "warn",
      words: "This was not known after 4 s.",
    });
    expect(found.find(({ check }) => check === "memory")?.words).toBe("It could not be looked at: gone.");
    expect(isBroken).toBe(false);
  });

  it("is told in a line for each finding and one for each fix", () => {
    const lines = reportText({
      isBroken: true,
      findings: [
        { check: "disk", status: "ok", words: "All is well." },
        { check: "redis", status: "broken", words: "It is gone.", fix: "start it" },
      ],
    });
    expect(lines).toEqual([
      "ok      disk           All is well.",
      "broken  redis          It is gone.",
      "        fix: start it",
      "1 broken, 0 to know, 1 ok.",
    ]);
  });
});
