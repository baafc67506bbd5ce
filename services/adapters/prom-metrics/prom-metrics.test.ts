import { expect, it } from "vitest";
import { workerSnapshot } from "#testing/worker-snapshot";
import { createPromMetrics } from "./prom-metrics";

const stats = { inUse: 2, queueMs: 30, ttfaMs: 41.5, ttfaP90Ms: 60, realTimeFactor: 0.04 };

function linesAbout(worker: string, exposed: string): Record<string, number> {
  const pattern = new RegExp(`^parley_worker_(\\w+)\\{worker="${worker}"\\} (\\S+)$`, "gm");
  return Object.fromEntries([...exposed.matchAll(pattern)].map(([, name, value]) => [name, Number(value)]));
}

it("tells of each worker what it told the registry, and of what it has not measured nothing", async () => {
  const metrics = createPromMetrics();
  const workers = [
    workerSnapshot("fast", { inUse: 3, stats, heartbeatAgeMs: 700 }),
    workerSnapshot("new", { state: "draining" }),
  ];
  const exposed = await metrics.expose(workers);
  expect(linesAbout("fast", exposed)).toEqual({
    ready: 1,
    heartbeat_age_ms: 700,
    capacity: 4,
    leases: 3,
    speaking: 2,
    queue_ms: 30,
    first_audio_ms: 41.5,
    first_audio_p90_ms: 60,
    real_time_factor: 0.04,
  });
  expect(linesAbout("new", exposed)).toEqual({ ready: 0, heartbeat_age_ms: 0, capacity: 4, leases: 0 });
});

it("forgets a worker that is gone", async () => {
  const metrics = createPromMetrics();
  await metrics.expose([workerSnapshot("gone")]);
  expect(await metrics.expose([])).not.toContain("gone");
});
