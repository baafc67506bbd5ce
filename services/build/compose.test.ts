import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { z } from "zod";
import { WorkerConfig } from "#contracts/config/worker";

const ROOT = path.resolve(import.meta.dirname, "../..");

const Service = z.looseObject({
  image: z.string(),
  environment: z.array(z.string()).default([]),
  ports: z.array(z.string()).default([]),
  networks: z.array(z.string()).default([]),
  depends_on: z.record(z.string(), z.object({ condition: z.string() })).default({}),
  healthcheck: z.object({ test: z.array(z.string()) }).optional(),
  container_name: z.string().optional(),
  command: z.array(z.string()).default([]),
});
const Compose = z.object({
  services: z.object({ redis: Service, orchestrator: Service, tts0: Service }),
  configs: z.object({ worker: z.object({ content: z.string() }) }),
  networks: z.record(z.string(), z.unknown()),
});

const read = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");
const compose = Compose.parse(parse(read("docker-compose.yml")));
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
