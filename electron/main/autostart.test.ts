import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createAutostart } from "./autostart";

let folder = "";
beforeEach(() => (folder = mkdtempSync(path.join(os.tmpdir(), "autostart-"))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const fileIn = (): string => path.join(folder, "autostart/parley.desktop");
const open = (command: readonly string[] = ["/opt/Parley/parley"]) => createAutostart({ file: fileIn(), command });

it("is off, on once it is written, and off when it is gone", () => {
  expect(open().isOn()).toBe(false);
  open().set(true);
  expect(open().isOn()).toBe(true);
  open().set(false);
  open().set(false);
  expect(open().isOn()).toBe(false);
});

it("is off when it starts another program, as after an AppImage was moved", () => {
  open(["/old/Parley.AppImage"]).set(true);
  expect(open(["/new/Parley.AppImage"]).isOn()).toBe(false);
});

it.each(["Hidden=true", "X-GNOME-Autostart-enabled=false"])("is off when the desktop wrote %s", (line) => {
  open().set(true);
  const text = readFileSync(fileIn(), "utf8").replace("X-GNOME-Autostart-enabled=true\n", "");
  writeFileSync(fileIn(), `${text}${line}\n`);
  expect(open().isOn()).toBe(false);
});

it("starts a checkout with its folder", () => {
  open(["/repo/electron", "/home/an user/parley"]).set(true);
  expect(readFileSync(fileIn(), "utf8")).toContain('Exec="/repo/electron" "/home/an user/parley"\n');
});
