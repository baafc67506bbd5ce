import { mkdir, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";

/** How programs of the same user reach a Parley that runs. */
const RunningApp = z.object({
  pid: z.int().positive(),
  /** ws:// of its admin protocol. */
  url: z.string(),
  token: z.string().optional(),
  /** The settings that it keeps. */
  settingsFile: z.string(),
});
export type RunningApp = z.infer<typeof RunningApp>;

const NAME = /^app-\d+\.json$/;

/** Leaves word in a file that only this user may read, as it holds the token. Returns how to take it away. */
export async function announceApp(runtimeDir: string, app: RunningApp): Promise<() => Promise<void>> {
  await mkdir(runtimeDir, { recursive: true, mode: 0o700 });
  const file = path.join(runtimeDir, `app-${app.pid}.json`);
  const draft = `${file}.draft`;
  await writeFile(draft, JSON.stringify(app), { mode: 0o600 });
  await rename(draft, file);
  return () => rm(file, { force: true });
}

/** The Parley that runs and keeps these settings. What one that was killed left behind is taken away. */
export async function findRunningApp(runtimeDir: string, settingsFile: string): Promise<RunningApp | undefined> {
  const names = await readdir(runtimeDir).catch(() => []);
  for (const name of names.filter((one) => NAME.test(one))) {
    const file = path.join(runtimeDir, name);
    const parsed = parseJsonWith(RunningApp, await readFile(file, "utf8").catch(() => ""));
    if (parsed.ok && isAlive(parsed.value.pid)) {
      if (parsed.value.settingsFile === settingsFile) return parsed.value;
    } else await rm(file, { force: true });
  }
  return undefined;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, but another user's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
