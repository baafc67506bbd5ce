import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { withLock } from "./build-lock.mjs";

describe("build lock", () => {
  let folder = "";
  beforeEach(() => void (folder = mkdtempSync(path.join(tmpdir(), "parley-lock-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("lets one in at a time", async () => {
    const file = path.join(folder, "lock");
    const order: string[] = [];
    const job = (name: string) => () => {
      order.push(`${name} in`);
      return Promise.resolve().then(() => order.push(`${name} out`));
    };
    await Promise.all([withLock(file, job("first")), withLock(file, job("second"))]);
    expect(order).toEqual(["first in", "first out", "second in", "second out"]);
  });

  it("is free again after a failure", async () => {
    const file = path.join(folder, "deeper", "lock");
    const fail = () => Promise.reject(new Error("broken"));
    await expect(withLock(file, fail)).rejects.toThrow("broken");
    expect(existsSync(file)).toBe(false);
  });

  it("is taken from a process that has died", async () => {
    const file = path.join(folder, "lock");
    const { pid } = spawnSync(process.execPath, ["--version"]);
    writeFileSync(file, String(pid));
    await expect(withLock(file, () => Promise.resolve("built"))).resolves.toBe("built");
  });
});
