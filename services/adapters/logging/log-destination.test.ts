import { closeSync, constants, mkdtempSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { execFileSync } from "node:child_process";
import os from "node:os";
import path from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { createLogDestination } from "./log-destination";

const folder = mkdtempSync(path.join(os.tmpdir(), "parley-log-"));
afterAll(() => rmSync(folder, { recursive: true }));

const lines = (count: number): string[] => Array.from({ length: count }, (_, index) => `{"n":${index}}\n`);

describe("a log destination", () => {
  it("keeps the order, and at the end writes what still waits", async () => {
    const file = path.join(folder, "log");
    const fd = openSync(file, "w");
    const destination = createLogDestination(fd);
    for (const line of lines(1_000)) destination.write(line);
    await vi.waitFor(() => expect(readFileSync(file, "utf8")).toBe(lines(1_000).join("")));
    closeSync(fd);
  });

  it.skipIf(process.platform === "win32")("waits for a pipe that is full, and loses what is too much", async () => {
    const fifo = path.join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
    const destination = createLogDestination(fd);
    for (const line of lines(200_000)) destination.write(line);
    let read = "";
    const buffer = Buffer.alloc(65_536);
    await vi.waitFor(
      () => {
        for (;;)
          try {
            read += buffer.toString("utf8", 0, readSync(fd, buffer));
          } catch {
            break;
          }
        expect(read.length).toBeGreaterThan(900_000);
      },
      { timeout: 10_000 },
    );
    expect(lines(200_000).join("").startsWith(read)).toBe(true);
    closeSync(fd);
  });
});

it.skipIf(process.platform !== "linux")(
  "a log whose disk is full ends nothing, and is not waited for at the end",
  async () => {
    const full = openSync("/dev/full", "w");
    const destination = createLogDestination(full);
    for (let round = 0; round < 3; round++) {
      for (const line of lines(10)) destination.write(line);
      await new Promise((resolve) => setImmediate(resolve));
    }
    destination.write("last\n");
    destination.flush();
    closeSync(full);
  },
);
