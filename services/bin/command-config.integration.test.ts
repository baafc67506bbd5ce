import { expect, it } from "vitest";
import { runParley } from "#testing/parley-process";

it("parley config shows what holds and who decided it, without secrets", async () => {
  const run = runParley(["config", "worker", "--profile", "network", "--set", "worker.capacity=3", "--json"], {
    env: { REDIS_URL: "redis://:secret@redis.lan:6379" },
  });
  expect(await run.ended).toBe(0);
  expect(JSON.parse(run.stdout)).toMatchObject({
    service: "worker",
    values: {
      "worker.host": { value: "0.0.0.0", source: "profile" },
      "worker.port": { value: 7001, source: "file" },
      "worker.capacity": { value: 3, source: "flag", origin: "--set" },
      "redis.url": { value: "redis://:(hidden)@redis.lan:6379", source: "environment", origin: "REDIS_URL" },
      "log.level": { value: "info", source: "default" },
    },
  });
  expect(run.stdout).not.toContain("secret");
});

it("parley orchestrator names the nearest key for one that there is not", async () => {
  const run = runParley(["orchestrator", "--set", "server.prot=1"]);
  expect(await run.ended).toBe(1);
  expect(run.stderr).toContain("--set: there is no server.prot; did you mean server.port?");
});

it("a reader that goes away, as `head` does, is no failure", async () => {
  const run = runParley(["config"]);
  run.process.stdout?.destroy();
  expect(await run.ended).toBe(0);
  expect(run.stderr).toBe("");
});
