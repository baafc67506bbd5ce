import { once } from "node:events";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo, type Server } from "node:net";
import os from "node:os";
import path from "node:path";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { systemClock } from "../system/system-clock";
import { freeDiskBytes, memoryBytes, sha256Of, soundDevices, whyUnreachable } from "./computer-facts";
import { findPortHolder } from "./port-holder";

const folder = mkdtempSync(path.join(os.tmpdir(), "parley-computer-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let server: Server | undefined;
afterEach(() => server?.close());

async function listen(): Promise<number> {
  server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function close(): Promise<void> {
  if (server === undefined) return;
  server.close();
  await once(server, "close");
}

describe("who holds a port", () => {
  it("is found by the port, and nobody holds it afterwards", async () => {
    const port = await listen();
    expect(await findPortHolder(port)).toMatchObject({ pid: process.pid });
    await close();
    expect(await findPortHolder(port)).toBeUndefined();
  });

  it("is read from /proc; of another user's program only that it is there", async () => {
    const proc = path.join(folder, "proc");
    mkdirSync(path.join(proc, "net"), { recursive: true });
    mkdirSync(path.join(proc, "42/fd"), { recursive: true });
    const line = (port: string, state: string, inode: number): string =>
      `   0: 00000000:${port} 00000000:0000 ${state} 00000000:00000000 00:00000000 00000000     0        0 ${inode} 1`;
    writeFileSync(
      path.join(proc, "net/tcp"),
      ["  sl  local_address", line("18EB", "0A", 111), line("18EC", "01", 222)].join("\n"),
    );
    writeFileSync(path.join(proc, "net/tcp6"), line("1F90", "0A", 333));
    symlinkSync("socket:[111]", path.join(proc, "42/fd/7"));
    writeFileSync(path.join(proc, "42/comm"), "redis-server\n");
    writeFileSync(path.join(proc, "42/cmdline"), "/usr/bin/redis-server\0*:6379\0");
    expect(await findPortHolder(6_379, proc)).toEqual({
      pid: 42,
      program: "redis-server",
      commandLine: "/usr/bin/redis-server *:6379",
    });
    expect(await findPortHolder(6_380, proc)).toBeUndefined();
    expect(await findPortHolder(8_080, proc)).toEqual({});
  });

  it("where there is no /proc, only whether it is taken is known", async () => {
    const port = await listen();
    expect(await findPortHolder(port, path.join(folder, "none"))).toEqual({});
  });
});

describe("the computer", () => {
  it("has room where a folder will be", async () => {
    expect(await freeDiskBytes(path.join(folder, "not/yet/there"))).toBeGreaterThan(0);
  });

  it("has memory, also where nobody tells how much of it is available", async () => {
    const file = path.join(folder, "meminfo");
    writeFileSync(file, "MemTotal:  2000 kB\nMemFree:  1 kB\nMemAvailable:  1000 kB\n");
    expect(await memoryBytes(file)).toEqual({ totalBytes: 2_048_000, availableBytes: 1_024_000 });
    expect((await memoryBytes("/no/such")).totalBytes).toBe(os.totalmem());
  });

  it("has sound devices and a sound server", async () => {
    const snd = path.join(folder, "snd");
    mkdirSync(snd);
    const env = { XDG_RUNTIME_DIR: folder };
    expect(await soundDevices(env, "/no/such")).toEqual({ canPlay: false, canRecord: false, soundServer: undefined });
    writeFileSync(path.join(snd, "pcmC0D0p"), "");
    expect(await soundDevices(env, snd)).toEqual({ canPlay: true, canRecord: false, soundServer: undefined });
    writeFileSync(path.join(folder, "my-pulse"), "");
    const withPulse = { ...env, PULSE_SERVER: `unix:${folder}/my-pulse` };
    expect(await soundDevices(withPulse, snd)).toMatchObject({ soundServer: "PulseAudio" });
    writeFileSync(path.join(folder, "pipewire-0"), "");
    expect(await soundDevices(env, snd)).toMatchObject({ soundServer: "PipeWire" });
  });

  it("reads the hash of a file, and of none nothing", async () => {
    const file = path.join(folder, "abc");
    writeFileSync(file, "abc");
    expect(await sha256Of(file)).toBe("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    expect(await sha256Of("/no/such")).toBeUndefined();
  });

  it("tells why nothing can be reached", async () => {
    const options = { clock: systemClock, timeoutMs: 1_000 };
    const port = await listen();
    expect(await whyUnreachable({ host: "127.0.0.1", port }, options)).toBeUndefined();
    await close();
    expect(await whyUnreachable({ host: "127.0.0.1", port }, options)).toBe("nothing listens there");
  });
});
