import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { access, constants, readdir, readFile, stat, statfs } from "node:fs/promises";
import { connect } from "node:net";
import os from "node:os";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import { connectionFaults } from "#contracts/connection-faults";
import type { Clock } from "#core/ports/clock";

export type Environment = Readonly<Record<string, string | undefined>>;

/** For the user who asks, where `folder` is or will be. */
export async function freeDiskBytes(folder: string): Promise<number> {
  const { bavail, bsize } = await statfs(await nearestPlace(folder));
  return bavail * bsize;
}

/** Whether this user may write to `folder`, or make it. */
export async function isWritable(folder: string): Promise<boolean> {
  const place = await nearestPlace(folder);
  return access(place, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
}

/** The folder, or the first above it that is there. */
async function nearestPlace(folder: string): Promise<string> {
  let place = folder;
  while ((await stat(place).catch(() => undefined)) === undefined && path.dirname(place) !== place)
    place = path.dirname(place);
  return place;
}

/** What programs can still take without swapping; caches count as available. */
export async function memoryBytes(
  meminfoFile = "/proc/meminfo",
): Promise<{ totalBytes: number; availableBytes: number }> {
  const text = await readFile(meminfoFile, "utf8").catch(() => "");
  const kibOf = (name: string): number | undefined => {
    const value = new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const [total, available] = [kibOf("MemTotal"), kibOf("MemAvailable")];
  if (total === undefined || available === undefined)
    return { totalBytes: os.totalmem(), availableBytes: os.freemem() };
  return { totalBytes: total * 1024, availableBytes: available * 1024 };
}

/** Linux: the sound cards, and the sound server that programs go through. A speaker is a `pcm…p`, a microphone a `pcm…c`. */
export async function soundDevices(
  env: Environment,
  deviceFolder = "/dev/snd",
): Promise<{ canPlay: boolean; canRecord: boolean; soundServer: string | undefined }> {
  const devices = await readdir(deviceFolder).catch(() => []);
  const runtime = env["XDG_RUNTIME_DIR"] ?? `/run/user/${process.getuid?.() ?? 0}`;
  const pulse = /^(?:unix:)?(\/.+)/.exec(env["PULSE_SERVER"] ?? "")?.[1] ?? path.join(runtime, "pulse/native");
  const [hasPipeWire, hasPulse] = await Promise.all([isThere(path.join(runtime, "pipewire-0")), isThere(pulse)]);
  return {
    canPlay: devices.some((name) => /^pcm.*p$/.test(name)),
    canRecord: devices.some((name) => /^pcm.*c$/.test(name)),
    soundServer: hasPipeWire ? "PipeWire" : hasPulse ? "PulseAudio" : undefined,
  };
}

/** Undefined: it cannot be read. */
export async function sha256Of(file: string): Promise<string | undefined> {
  const hash = createHash("sha256");
  try {
    await pipeline(createReadStream(file), hash);
    return hash.digest("hex");
  } catch {
    return undefined;
  }
}

/** Why no TCP connection can be made, in a few words; undefined: one can. */
export function whyUnreachable(
  { host, port }: { host: string; port: number },
  { clock, timeoutMs }: { clock: Clock; timeoutMs: number },
): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (reason: string | undefined): void => {
      timer.dispose();
      socket.destroy();
      resolve(reason);
    };
    const timer = clock.setTimer(timeoutMs, () => settle("it did not answer in time"));
    socket.once("connect", () => settle(undefined));
    socket.once("error", (error: NodeJS.ErrnoException) => settle(connectionFaults[error.code ?? ""] ?? error.message));
  });
}

async function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
