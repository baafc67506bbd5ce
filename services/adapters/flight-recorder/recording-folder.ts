import { mkdir, open, readFile, rename, stat, writeFile } from "node:fs/promises";
import path from "node:path";
import { TalkEvent } from "#contracts/events/talk-event";
import { parseJsonWith } from "#contracts/parse";
import { RECORDING_FILES, RecordedSession } from "#contracts/recording/recording";

/** Far more than a session.json has; a larger file is something else. */
const MAX_SESSION_BYTES = 64 * 1024;
/** A day of talk; beyond it the rest is left out. */
const MAX_EVENTS_BYTES = 64 * 1024 * 1024;

export function fileIn(folder: string, name: keyof typeof RECORDING_FILES): string {
  return path.join(folder, RECORDING_FILES[name]);
}

/** For this user alone. */
export async function createFolder(folder: string): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true, mode: 0o700 });
  await mkdir(folder, { mode: 0o700 });
}

/** All or nothing. */
export async function writeSession(folder: string, session: RecordedSession): Promise<void> {
  const target = fileIn(folder, "session");
  await writeFile(`${target}.new`, `${JSON.stringify(session, undefined, 2)}\n`, { mode: 0o600 });
  await rename(`${target}.new`, target);
}

/** Undefined when the folder holds no recording that this Parley can read. */
export async function readSession(folder: string): Promise<RecordedSession | undefined> {
  try {
    const target = fileIn(folder, "session");
    if ((await stat(target)).size > MAX_SESSION_BYTES) return undefined;
    const parsed = parseJsonWith(RecordedSession, await readFile(target, "utf8"));
    return parsed.ok ? parsed.value : undefined;
  } catch {
    return undefined;
  }
}

/** Events of these types, as they were written; lines that are none are left out, as the last one may be after a crash. */
export async function readEvents<Type extends TalkEvent["type"]>(
  folder: string,
  types: readonly Type[],
): Promise<Extract<TalkEvent, { type: Type }>[]> {
  const marks = types.map((type) => `"type":"${type}"`);
  const isWanted = (event: TalkEvent): event is Extract<TalkEvent, { type: Type }> =>
    (types as readonly string[]).includes(event.type);
  const events: Extract<TalkEvent, { type: Type }>[] = [];
  for (const line of (await readText(fileIn(folder, "events"))).split("\n")) {
    // Most lines are others; looking for the name costs a tenth of parsing them.
    if (!marks.some((mark) => line.includes(mark))) continue;
    const parsed = parseJsonWith(TalkEvent, line);
    if (parsed.ok && isWanted(parsed.value)) events.push(parsed.value);
  }
  return events;
}

async function readText(file: string): Promise<string> {
  const handle = await open(file, "r");
  try {
    const { size } = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(Math.min(size, MAX_EVENTS_BYTES)), { position: 0 });
    return buffer.toString("utf8", 0, bytesRead);
  } finally {
    await handle.close();
  }
}
