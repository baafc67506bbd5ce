import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { placeOnDisplays, readWindowState, writeWindowState } from "./window-state";

const screen = { x: 0, y: 0, width: 1920, height: 1080 };
const second = { x: 1920, y: 0, width: 1280, height: 1024 };
const kept = { x: 2000, y: 50, width: 900, height: 700, isMaximized: true };

describe("the kept window state", () => {
  let folder = "";
  beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), "window-"))));
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("comes back as it was kept", () => {
    const file = path.join(folder, "window.json");
    writeWindowState(file, kept);
    expect(readWindowState(file)).toEqual(kept);
  });

  it("is the usual one when there is none or it is broken", () => {
    const file = path.join(folder, "window.json");
    const usual = readWindowState(file);
    expect(usual).toEqual({ width: 980, height: 760, isMaximized: false });
    for (const text of ["{", '{"width":1}', ""]) {
      writeFileSync(file, text);
      expect(readWindowState(file)).toEqual(usual);
    }
  });

  it("keeps nobody from quitting when it cannot be written", () => {
    expect(() => writeWindowState(path.join(folder, "no/such/folder.json"), kept)).not.toThrow();
  });

  it("stays where a display can show it", () => {
    expect(placeOnDisplays(kept, [screen, second])).toEqual(kept);
  });

  it("loses its place, not its size, with the display that it was on", () => {
    expect(placeOnDisplays(kept, [screen])).toEqual({ width: 900, height: 700, isMaximized: true });
    expect(placeOnDisplays({ ...kept, x: 100, y: 1060 }, [screen]).x).toBeUndefined();
  });
});
