import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { CDPSession } from "playwright";
import { systemClock } from "#adapters/system/system-clock";
import { writeWav } from "#core/audio/wav";
import { sleep } from "#core/lifecycle/sleep";
import { single, type Measure } from "#score/figures/measure";
import type { BenchmarkContext } from "./benchmark";
import type { ElectronWindows } from "./electron-windows";
import { heldHeapBytes } from "./page-probe";

const IDLE_MINUTES = 10;
const GOAL_MB = 4;
/** The first words, the meter and the microphone are there before the count begins. */
const SETTLE_MS = 30_000;
const ROOM_RATE_HZ = 16_000;
const never = new AbortController().signal;

interface Memory {
  /** Of the renderer's process, in memory or swapped out, shared with nobody. */
  privateBytes: number;
  /** Of the page's script. */
  heapBytes: number;
}

/** Parley's own window with all that is real, in a conversation in which nobody speaks. */
export async function measureIdleMemory(
  context: BenchmarkContext,
  windows: ElectronWindows,
): Promise<Record<string, Measure>> {
  const { minutes = IDLE_MINUTES } = context;
  const home = path.join(context.workFolder, "home-idle");
  const app = await windows.launchParley({
    home,
    args: [`--use-file-for-fake-audio-capture=${writeQuietRoom(home)}`],
  });
  try {
    const page = await app.firstWindow();
    const renderer = await app.evaluate(({ BrowserWindow }) =>
      BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId(),
    );
    if (renderer === undefined) throw new Error("Parley's window has no process");
    await page.getByRole("button", { name: "Start talking" }).click();
    await page.getByText("Listening").waitFor();
    const devtools = await page.context().newCDPSession(page);
    await sleep(systemClock, SETTLE_MS, never);
    const before = await readMemory(devtools, renderer);
    let after = before;
    for (let minute = 1; minute <= minutes; minute++) {
      await sleep(systemClock, 60_000, never);
      after = await readMemory(devtools, renderer);
      context.progress(
        `idle minute ${minute}: ${megabytes(after.privateBytes)} MB, ${megabytes(after.heapBytes)} MB of it by script`,
      );
    }
    await page.getByText("Listening").waitFor();
    const what = `${minutes} idle minutes of a conversation add`;
    return {
      [`${what} to the renderer's private memory (RssAnon and VmSwap, garbage collected)`]: single(
        "MB",
        (after.privateBytes - before.privateBytes) / 1e6,
        { atMost: GOAL_MB },
      ),
      [`${what} to what the page's script holds`]: single("MB", (after.heapBytes - before.heapBytes) / 1e6, {
        atMost: GOAL_MB,
      }),
      "the renderer's private memory after them": single("MB", after.privateBytes / 1e6),
    };
  } finally {
    await app.close();
  }
}

async function readMemory(devtools: CDPSession, processId: number): Promise<Memory> {
  const heapBytes = await heldHeapBytes(devtools);
  const status = readFileSync(`/proc/${processId}/status`, "utf8");
  const kibibytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return { heapBytes, privateBytes: (kibibytes("RssAnon") + kibibytes("VmSwap")) * 1024 };
}

/** A second of noise at −70 dBFS: only a microphone that is switched off gives zeros. */
function writeQuietRoom(folder: string): string {
  let noise = 1;
  const room = Int16Array.from({ length: ROOM_RATE_HZ }, () => {
    noise = (noise * 16_807) % 2_147_483_647;
    return (noise % 33) - 16;
  });
  const file = path.join(folder, "quiet-room.wav");
  mkdirSync(folder, { recursive: true });
  writeFileSync(file, writeWav([room], ROOM_RATE_HZ));
  return file;
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(1);
}
