import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, expect, it } from "vitest";
import { addSystemVoices } from "./system-voices";

const folder = mkdtempSync(path.join(os.tmpdir(), "parley-voices-"));
const searched = process.env.PATH;
afterEach(() => {
  process.env.PATH = searched;
  rmSync(folder, { recursive: true, force: true });
});
const own = {
  voices: ["own"],
  speak: (_voice: string, parts: readonly string[]) => Promise.resolve(parts.map(() => Float32Array.of(1))),
};

it("programs that are not installed give no voices, and the others go on speaking", async () => {
  process.env.PATH = folder;
  const speech = await addSystemVoices(own, folder);
  expect(speech.voices).toEqual(["own"]);
  expect(await speech.speak("own", ["a", "b"])).toEqual([Float32Array.of(1), Float32Array.of(1)]);
});
