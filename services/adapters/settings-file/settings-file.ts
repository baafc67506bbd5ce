import { chmod, mkdir, open, readFile, rename, rm } from "node:fs/promises";
import path from "node:path";
import { AppError } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { KeptSettings } from "#contracts/settings/user-settings";
import type { Clock } from "#core/ports/clock";
import type { SecretBox, SettingsFile } from "#core/ports/settings";

export interface SettingsFileOptions {
  path: string;
  clock: Clock;
  /** False: a damaged file is left where it is, for those who only look. */
  setsAside?: boolean;
}

/** Settings as JSON that only this user may read. A file that cannot be understood is renamed, never overwritten. */
export function createSettingsFile({ path: file, clock, setsAside = true }: SettingsFileOptions): SettingsFile {
  const unreadable = (error: unknown): AppError => new AppError("file-unreadable", { detail: file, cause: error });

  const setAside = async (): Promise<string> => {
    const stamp = clock.wallTime().toISOString().replace(/[:.]/g, "-");
    const aside = `${file}.damaged-${stamp}`;
    await rename(file, aside);
    return aside;
  };

  return {
    path: file,
    async read() {
      try {
        const text = await readFile(file, "utf8");
        const parsed = parseJsonWith(KeptSettings, text);
        if (parsed.ok) return { kept: parsed.value, notice: undefined };
        if (!setsAside)
          return { kept: undefined, notice: `The settings in ${file} cannot be understood: the usual ones hold.` };
        const notice = `The settings could not be understood and were set aside as ${await setAside()}. These are the usual ones.`;
        return { kept: undefined, notice };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code === "ENOENT") return { kept: undefined, notice: undefined };
        throw unreadable(error);
      }
    },
    async write(kept) {
      const draft = `${file}.${process.pid}.new`;
      try {
        await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
        const handle = await open(draft, "w", 0o600);
        try {
          await handle.writeFile(`${JSON.stringify(kept, undefined, 2)}\n`);
          // A draft that a crash left behind keeps the mode it had.
          await chmod(draft, 0o600);
          await handle.sync();
        } finally {
          await handle.close();
        }
        await rename(draft, file);
      } catch (error) {
        await rm(draft, { force: true }).catch(() => undefined);
        throw unreadable(error);
      }
    },
  };
}

/** For where there is no keyring: the file's own mode is what keeps a secret. */
export const plainSecrets: SecretBox = {
  keeping: "file",
  seal: (secret) => Promise.resolve({ form: "plain", value: secret }),
  open: ({ form, value }) => Promise.resolve(form === "plain" ? value : undefined),
};
