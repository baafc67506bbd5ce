import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { KeptSettings } from "#contracts/settings/user-settings";
import type { SettingsFile } from "#core/ports/settings";
import { FakeClock } from "#testing/fake-clock";
import { createSettingsFile } from "./settings-file";

const kept: KeptSettings = {
  version: 1,
  settings: { voice: "flite-kal" },
  secrets: { brainApiKey: { form: "plain", value: "sk-1", origin: "http://127.0.0.1:1" } },
};
let folder: string;
let filePath: string;
let file: SettingsFile;

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), "parley-settings-"));
  filePath = path.join(folder, "parley", "settings.json");
  file = createSettingsFile({ path: filePath, clock: new FakeClock() });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it("gives back what was written, readable by this user alone", async () => {
  await file.write(kept);
  expect(await file.read()).toEqual({ kept, notice: undefined });
  expect(statSync(filePath).mode & 0o777).toBe(0o600);
  expect(readdirSync(path.dirname(filePath))).toEqual(["settings.json"]);
});

it("a file that was readable by others is so no longer after a write", async () => {
  await file.write(kept);
  chmodSync(filePath, 0o644);
  await file.write(kept);
  expect(statSync(filePath).mode & 0o777).toBe(0o600);
});

it("there is nothing to read before the first write", async () => {
  expect(await file.read()).toEqual({ kept: undefined, notice: undefined });
});

it.each(["{", '{"version":1,"settings":{"voice":7},"secrets":{}}', '{"version":2}'])(
  "a file that cannot be understood is set aside, told and not lost: %s",
  async (text) => {
    await file.write(kept);
    writeFileSync(filePath, text);
    const { kept: read, notice } = await file.read();
    expect(read).toBeUndefined();
    const [aside] = readdirSync(path.dirname(filePath));
    expect(notice).toContain(aside);
    expect(readFileSync(path.join(path.dirname(filePath), aside ?? ""), "utf8")).toBe(text);
    await file.write(kept);
    expect(await file.read()).toEqual({ kept, notice: undefined });
  },
);

it("a folder that cannot be written is told by code", async () => {
  writeFileSync(path.join(folder, "parley"), "a file where the folder should be");
  await expect(file.write(kept)).rejects.toMatchObject({ code: "file-unreadable" });
});
