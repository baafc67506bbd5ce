import { execFileSync } from "node:child_process";
import { expect, it } from "vitest";
import { runParley } from "#testing/parley-process";

/** Redis servers of this process, which Ctrl-C in a terminal does not reach. */
function redisOf(pid: number): number[] {
  const table = execFileSync("ps", ["-eo", "pid=,ppid=,comm="], { encoding: "utf8" });
  return [...table.matchAll(/^ *(\d+) +(\d+) +redis-server/gm)].flatMap(([, child, parent]) =>
    Number(parent) === pid ? [Number(child)] : [],
  );
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
  await expect.poll(() => run.stderr, { timeout: 20_000 }).toContain("private redis started");
  const servers = redisOf(run.pid);
  run.process.kill(signal);
  expect(await run.ended).toBe(code);
  expect(servers).toHaveLength(1);
  await expect.poll(() => servers.filter(isAlive), { timeout: 5_000 }).toEqual([]);
});

it.skipIf(process.platform === "win32")("a terminal that is closed ends Parley as Ctrl-C does", async () => {
  const run = runParley(["orchestrator", "--port", "0"]);
  await run.printed(/http:\/\/127/);
  run.process.kill("SIGHUP");
  expect(await run.ended).toBe(0);
});
