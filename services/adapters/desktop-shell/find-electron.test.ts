import { describe, expect, it, vi } from "vitest";
import { findElectron, type ElectronSurroundings } from "./find-electron";

const PACKAGE = "/app/node_modules/electron";
const INSTALLED = [`${PACKAGE}/dist/electron`, `${PACKAGE}/path.txt`];

function surroundings(changes: Partial<ElectronSurroundings> & { files?: string[] } = {}): ElectronSurroundings {
  const { files = INSTALLED, ...rest } = changes;
  return {
    platform: "linux",
    env: { DISPLAY: ":0" },
    isRoot: false,
    packageFolder: PACKAGE,
    exists: (file) => files.includes(file),
    install: () => Promise.reject(new Error("nothing is to be fetched")),
    ...rest,
  };
}

const find = (changes: Parameters<typeof surroundings>[0] = {}, hasSandbox = true) =>
  findElectron(surroundings(changes), { hasSandbox });

describe("the search for Electron", () => {
  it("finds what is installed", async () => {
    expect(await find()).toEqual({ type: "found", program: `${PACKAGE}/dist/electron` });
    expect(await find({ env: { WAYLAND_DISPLAY: "wayland-0" } })).toMatchObject({ type: "found" });
  });

  it("takes the folder that the environment names", async () => {
    const env = { DISPLAY: ":0", ELECTRON_OVERRIDE_DIST_PATH: "/other" };
    expect(await find({ env, files: ["/other/electron"] })).toEqual({ type: "found", program: "/other/electron" });
    expect(await find({ env })).toMatchObject({
      reason: "ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron",
    });
  });

  it("needs a display on Linux", async () => {
    expect(await find({ env: { DISPLAY: "" } })).toEqual({ type: "missing", reason: "there is no display" });
    expect(await find({ env: {}, platform: "darwin", files: [], packageFolder: undefined })).toMatchObject({
      reason: "Electron is not installed",
    });
  });

  it("does not run as root unless the sandbox is given up", async () => {
    expect(await find({ isRoot: true })).toMatchObject({
      reason: "Electron does not run as root without --no-sandbox",
    });
    expect(await find({ isRoot: true }, false)).toMatchObject({ type: "found" });
  });

  it("fetches the program once when only the package is there", async () => {
    const files: string[] = [];
    const install = vi.fn(async () => void files.push(...INSTALLED));
    expect(await find({ files, install: () => install().then(() => undefined) })).toMatchObject({ type: "found" });
    expect(install).toHaveBeenCalledOnce();
  });

  it("says why the program could not be fetched", async () => {
    expect(await find({ files: [], install: () => Promise.resolve("TypeError: fetch failed") })).toMatchObject({
      reason: "Electron could not be fetched: TypeError: fetch failed",
    });
    expect(await find({ files: [], install: () => Promise.resolve(undefined) })).toMatchObject({
      reason: "Electron could not be fetched: its installer left no program",
    });
  });
});
