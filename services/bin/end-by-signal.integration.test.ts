import { expect, it } from "vitest";
import { runParley, type ParleyRun } from "#testing/parley-process";

/** Of the Redis that it has started, which Ctrl-C in a terminal does not reach. */
function redisOf(run: ParleyRun): number | undefined {
  const line = run.stderr.split("\n").find((each) => each.includes("private redis started")) ?? "{}";
  const { pid, childPid } = JSON.parse(line) as { pid?: number; childPid?: number };
  return pid === run.pid ? childPid : undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

it.skipIf(process.platform === "win32").each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
  ["SIGHUP", 129],
] as const)("[RG44] %s in the middle of a start ends Parley and leaves no Redis behind", async (signal, code) => {
  const run = runParley(["orchestrator", "--port", "0"]);
  await expect.poll(() => redisOf(run), { timeout: 20_000 }).toBeDefined();
  const server = redisOf(run) ?? -1;
  run.process.kill(signal);
  expect(await run.ended).toBe(code);
  await expect.poll(() => isAlive(server), { timeout: 5_000 }).toBe(false);
});

it.skipIf(process.platform === "win32")("a terminal that is closed ends Parley as Ctrl-C does", async () => {
  const run = runParley(["orchestrator", "--port", "0"]);
  await run.printed(/http:\/\/127/);
  run.process.kill("SIGHUP");
  expect(await run.ended).toBe(0);
});
