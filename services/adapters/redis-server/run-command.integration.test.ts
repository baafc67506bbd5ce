import { expect, it } from "vitest";
import { runCommand } from "./run-command";

it("[RG44] a program that hangs is killed with its children, which hold its pipes", async () => {
  const result = await runCommand(["sh", "-c", "sleep 600 & echo started; wait"], { timeoutMs: 300 });
  expect(result).toMatchObject({ exitCode: null, stdout: "started\n" });
  expect(result.stderr).toContain("took longer than 300 ms");
});

it("a program that is not there is a result, not a rejection", async () => {
  expect(await runCommand(["no-such-program-here"], { timeoutMs: 1_000 })).toMatchObject({ exitCode: null });
});

it("exit code and both outputs are told", async () => {
  expect(await runCommand(["sh", "-c", "echo out; echo err >&2; exit 3"], { timeoutMs: 5_000 })).toEqual({
    exitCode: 3,
    stdout: "out\n",
    stderr: "err\n",
  });
});
