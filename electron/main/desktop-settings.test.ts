import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { DEFAULT_ACCELERATOR, openDesktopSettings, type LoginItem, type ShortcutKeys } from "./desktop-settings";

let folder = "";
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), "desktop-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function open(options: { taken?: string; isOffered?: boolean } = {}) {
  const held: string[] = [];
  let isOn = false;
  const keys: ShortcutKeys = {
    hold(accelerator) {
      held.push(accelerator);
      if (accelerator === "") return "off";
      return accelerator === options.taken ? "taken" : "on";
    },
  };
  const login: LoginItem = { isOffered: options.isOffered ?? true, isOn: () => isOn, set: (value) => (isOn = value) };
  return { held, store: openDesktopSettings({ file: path.join(folder, "desktop.json"), keys, login }) };
}

describe("the settings of the desktop", () => {
  it("begin with the usual keys, held at once", () => {
    const { held, store } = open();
    expect(held).toEqual([DEFAULT_ACCELERATOR]);
    expect(store.read()).toEqual({
      shortcut: { accelerator: DEFAULT_ACCELERATOR, state: "on" },
      login: { isOn: false, isOffered: true },
    });
  });

  it("keep other keys, and none, over a restart", () => {
    open().store.change({ accelerator: "F9" });
    expect(open().store.read().shortcut).toEqual({ accelerator: "F9", state: "on" });
    open().store.change({ accelerator: "" });
    expect(open().store.read().shortcut).toEqual({ accelerator: "", state: "off" });
  });

  it("say when another program has the keys, which stay chosen", () => {
    expect(open({ taken: "F9" }).store.change({ accelerator: "F9" }).shortcut.state).toBe("taken");
    expect(open().store.read().shortcut).toEqual({ accelerator: "F9", state: "on" });
  });

  it("are the usual ones when the file is broken", () => {
    writeFileSync(path.join(folder, "desktop.json"), "{");
    expect(open().store.read().shortcut.accelerator).toBe(DEFAULT_ACCELERATOR);
  });

  it("start Parley at login where that is offered, and nowhere else", () => {
    expect(open().store.change({ startsAtLogin: true }).login).toEqual({ isOn: true, isOffered: true });
    const { store } = open({ isOffered: false });
    expect(store.change({ startsAtLogin: true }).login).toEqual({ isOn: false, isOffered: false });
  });
});
