import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readMonoWav } from "#core/audio/wav";
import { runParley } from "#testing/parley-process";

const folder = mkdtempSync(path.join(os.tmpdir(), "parley-score-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function score(...args: string[]): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const run = runParley(["score", ...args]);
  const code = await run.ended;
  return { code, stdout: run.stdout, stderr: run.stderr };
}

describe("parley score", () => {
  it("on a virtual clock: measures, the same each time, and keeps what was played", async () => {
    const args = ["--virtual", "--minutes", "0.4", "--json"];
    const first = await score(...args, "--out", folder);
    expect(first.code).toBe(0);
    const { measures, half } = JSON.parse(first.stdout);
    expect(half).toBe("held-out");
    const latency = measures["first-audio latency at the speaker"];
    expect(latency.n).toBeGreaterThan(0);
    expect(latency.p50).toBeGreaterThan(100);
    expect(latency.p50).toBeLessThan(3_000);
    expect(first.stderr).toMatch(/^ {2}question \(\w.*\) ".*": /m);

    const [name = ""] = readdirSync(folder);
    expect(readMonoWav(readFileSync(path.join(folder, name, "speaker.wav"))).sampleRateHz).toBe(48_000);
    const judged = readFileSync(path.join(folder, name, "judged.jsonl"), "utf8")
      .trim()
      .split("\n");
    expect(JSON.parse(judged[0] ?? "")).toMatchObject({ event: { kind: "question" }, outcome: {} });

    expect((await score(...args)).stdout).toBe(first.stdout);
  });

  it("on the running system: the same rows, in real time", async () => {
    const { code, stdout } = await score("--minutes", "0.1");
    expect(code).toBe(0);
    expect(stdout).toMatch(/^MEASURE +N +UNIT/m);
    expect(stdout).toMatch(/goals/);
  });

  it("refuses a room that there is not", async () => {
    const { code, stderr } = await score("--room", "attic");
    expect(code).toBe(2);
    expect(stderr).toContain("headphones, loudspeaker");
  });
});
