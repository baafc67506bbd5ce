import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { createPromMetrics } from "#adapters/prom-metrics/prom-metrics";
import { listConfigKeys } from "#contracts/config/config-key";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { WorkerConfig } from "#contracts/config/worker";

const ROOT = path.resolve(import.meta.dirname, "../..");

const Service = z.looseObject({
  image: z.string(),
  environment: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  depends_on: z
    .union([z.record(z.string(), z.object({ condition: z.string() })), z.array(z.string()).transform(() => ({}))])
    .default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  container_name: z.string().optional(),
  command: z.array(z.string()).default([]),
  profiles: z.array(z.string()).default([]),
  secrets: z.array(z.string()).default([]),
  volumes: z.array(z.string()).default([]),
});
const Parley = z.record(z.string(), Service.partial({ image: true, depends_on: true }));
const Compose = z.object({
  services: z.object({ redis: Service, orchestrator: Service, tts0: Service }).catchall(Service),
  secrets: z.record(z.string(), z.record(z.string(), z.string())),
  configs: z.object({ worker: z.object({ content: z.string() }) }),
  networks: z.record(z.string(), z.unknown()),
});

const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const readYaml = (file: string): unknown => parse(read(file), { merge: true });
const compose = Compose.parse(readYaml("docker-compose.yml"));
const { redis, orchestrator, tts0 } = compose.services;

describe("docker-compose.yml", () => {
  it("keeps Redis inside: a fixed name, no published port", () => {
    expect(redis).toMatchObject({ image: "redis:7-alpine", container_name: "redis-tts", ports: [] });
  });

  it("calls Redis healthy when it answers a ping", () => {
    expect(redis.healthcheck?.test).toEqual(["CMD", "redis-cli", "-h", "localhost", "-p", "6379", "ping"]);
  });

  it.each([
    ["orchestrator", orchestrator],
    ["tts0", tts0],
  ])("starts %s when Redis is healthy, and has it use redis:6379", (_name, service) => {
    expect(service.depends_on).toEqual({ redis: { condition: "service_healthy" } });
    expect(service.environment).toContain("REDIS_URL=redis://redis:6379");
  });

  it("has everything on tts-network", () => {
    expect([redis, orchestrator, tts0].map((service) => service.networks)).toEqual(Array(3).fill(["tts-network"]));
    expect(Object.keys(compose.networks)).toEqual(["tts-network"]);
  });

  it("asks for a token where Parley listens on the network", () => {
    for (const service of [orchestrator, tts0]) {
      expect(service.environment.some((line) => line.startsWith("PARLEY_TOKEN=${PARLEY_TOKEN:?"))).toBe(true);
    }
  });

  it("publishes the orchestrator on this computer only", () => {
    expect(orchestrator.ports).toEqual(["127.0.0.1:8080:8080"]);
  });

  it("gives the worker a valid configuration, at the address that it advertises", () => {
    const { worker } = WorkerConfig.parse(parse(compose.configs.worker.content));
    expect(worker.host).toBe("0.0.0.0");
    expect(tts0.command.join(" ")).toContain(`--advertise tts0:${worker.port}`);
  });
});

describe("profiles", () => {
  const inProfile = (profile: string): string[] =>
    Object.entries(compose.services).flatMap(([name, { profiles }]) => (profiles.includes(profile) ? [name] : []));

  it("none is needed for a Parley that works, and each adds what its name says", () => {
    const always = Object.entries(compose.services).filter(([, { profiles }]) => profiles.length === 0);
    expect(always.map(([name]) => name)).toEqual(["redis", "orchestrator", "tts0"]);
    expect(inProfile("second")).toEqual(["tts1"]);
    expect(inProfile("gpu")).toEqual(["tts-gpu"]);
    expect(inProfile("tls")).toEqual(["orchestrator-tls"]);
    expect(inProfile("monitoring")).toEqual(["prometheus", "grafana"]);
  });

  it.each(["orchestrator-tls", "tts1", "tts-gpu"])("%s waits for Redis and uses redis:6379 with a token", (name) => {
    const service = compose.services[name];
    expect(service?.depends_on).toEqual({ redis: { condition: "service_healthy" } });
    expect(service?.environment).toEqual(
      expect.arrayContaining([
        "REDIS_URL=redis://redis:6379",
        expect.stringMatching(/^PARLEY_TOKEN=\$\{PARLEY_TOKEN:\?/),
      ]),
    );
    expect(service?.networks).toEqual(["tts-network"]);
  });

  it("an image that is not Parley's own is never built over", () => {
    expect(compose.services["tts-gpu"]).not.toHaveProperty("build");
    for (const name of ["orchestrator", "orchestrator-tls", "tts0", "tts1"])
      expect(compose.services[name]).toMatchObject({ build: ".", image: "parley" });
  });

  it("no two workers have the same name or address", () => {
    const commands = ["tts0", "tts1", "tts-gpu"].map((name) => compose.services[name]?.command.join(" ") ?? "");
    const places = commands.map((command) => /--name (\S+) --advertise (\S+):7001/.exec(command));
    expect(places.map((place) => place?.[1])).toEqual(["tts0", "tts1", "tts-gpu"]);
    expect(places.map((place) => place?.[2])).toEqual(["tts0", "tts1", "tts-gpu"]);
  });

  it("only https is published to other computers", () => {
    const open = Object.values(compose.services).flatMap(({ ports }) =>
      ports.filter((port) => !port.startsWith("127.")),
    );
    expect(open).toEqual(["8443:8443"]);
  });

  it("variables of the configuration are those of its schema", () => {
    const known = new Set(listConfigKeys(OrchestratorConfig).flatMap(({ variables }) => variables));
    const named = compose.services["orchestrator-tls"]?.environment.map((line) => line.split("=")[0] ?? "") ?? [];
    expect(named.filter((name) => name.startsWith("PARLEY_SERVER_") && !known.has(name))).toEqual([]);
    expect(named).toContain("PARLEY_SERVER_TLS_CERT_FILE");
  });

  it("every file and secret that is mounted is there or described", () => {
    for (const { volumes, secrets } of Object.values(compose.services)) {
      for (const file of volumes) expect(existsSync(path.join(ROOT, file.split(":")[0] ?? ""))).toBe(true);
      expect(Object.keys(compose.secrets)).toEqual(expect.arrayContaining(secrets));
    }
  });
});

describe("monitoring", () => {
  it("the dashboard shows only figures that Parley has", async () => {
    const Dashboard = z.object({
      panels: z.array(z.object({ targets: z.array(z.object({ expr: z.string() })).min(1) })).min(1),
    });
    const { panels } = Dashboard.parse(JSON.parse(read("configs/monitoring/dashboard.json")));
    const exprs = panels.flatMap(({ targets }) => targets.map(({ expr }) => expr));
    const named = exprs.flatMap((expr) => expr.match(/\b(?:parley|nodejs|process)_\w+/g) ?? []);
    expect(named.length).toBeGreaterThanOrEqual(exprs.length);
    const metrics = createPromMetrics();
    metrics.observe("parley_first_audio_ms", 1);
    const exposed = await metrics.expose([]);
    const missing = named.filter((name) => !exposed.includes(`# TYPE ${name.replace(/_bucket$/, "")} `));
    expect(missing).toEqual([]);
  });

  it("Prometheus asks the orchestrator, with the token", () => {
    const { scrape_configs } = parse(read("configs/monitoring/prometheus.yml")) as {
      scrape_configs: { authorization: unknown; static_configs: unknown }[];
    };
    expect(scrape_configs).toMatchObject([
      {
        authorization: { credentials_file: "/run/secrets/parley_token" },
        static_configs: [{ targets: ["orchestrator:8080"] }],
      },
    ]);
  });
});

describe("what changes Redis itself", () => {
  it("secrets.yml gives a password to Redis by standard input, and to all of Parley as a file", () => {
    const { redis: guarded, ...parley } = Parley.parse(
      z.object({ services: z.unknown() }).parse(readYaml("configs/compose/secrets.yml")).services,
    );
    const folder = mkdtempSync(path.join(os.tmpdir(), "parley-secret-"));
    writeFileSync(path.join(folder, "redis_password"), "s3cret 'x'\n");
    const script = guarded?.command.at(-1) ?? "";
    const [write] = script
      .replaceAll("$$", "$")
      .replaceAll("/run/secrets", folder)
      .split(" | docker-entrypoint.sh redis-server -");
    expect(write).not.toBe(script);
    const { stdout } = spawnSync("sh", ["-c", write ?? ""], { encoding: "utf8" });
    rmSync(folder, { recursive: true });
    expect(stdout).toBe(`requirepass "s3cret 'x'"\n`);
    const users = Object.entries(compose.services).filter(([, each]) =>
      each.environment.some((line) => line.startsWith("REDIS_URL=")),
    );
    expect(Object.keys(parley).sort()).toEqual(users.map(([name]) => name).sort());
    for (const each of Object.values(parley))
      expect(each).toMatchObject({
        secrets: ["redis_password"],
        environment: ["REDIS_PASSWORD_FILE=/run/secrets/redis_password"],
      });
  });

  it("persistence.yml keeps what Redis writes", () => {
    expect(readYaml("configs/compose/persistence.yml")).toEqual({
      services: { redis: { command: ["redis-server", "--appendonly", "yes"], volumes: ["redis-data:/data"] } },
      volumes: { "redis-data": null },
    });
  });
});

describe("docker-compose.override.yml.example", () => {
  it("publishes Redis as 6380 of this computer, and changes nothing else", () => {
    expect(parse(read("docker-compose.override.yml.example"))).toEqual({
      services: { redis: { ports: ["127.0.0.1:6380:6379"] } },
    });
  });
});

describe("Dockerfile", () => {
  it("runs the program as a user without rights, on the Node version of the project", () => {
    const lines = read("Dockerfile").split("\n");
    expect(lines.filter((line) => line.startsWith("FROM "))).toEqual([
      "FROM node:20-bookworm-slim AS build",
      "FROM node:20-bookworm-slim",
    ]);
    expect(lines).toContain("USER node");
  });
});
