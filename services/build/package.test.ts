import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { afterEach, describe, expect, it, vi } from "vitest";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** electron-builder's own check of a configuration; it brings its library along. */
const builderRequire = createRequire(createRequire(import.meta.url).resolve("electron-builder/package.json"));
const { validateConfiguration } = builderRequire("app-builder-lib/out/util/config/config") as {
  validateConfiguration(config: unknown, debugLogger: { isEnabled: boolean }): Promise<void>;
};
const validate = (config: unknown) => validateConfiguration(config, { isEnabled: false });

async function loadConfig() {
  vi.resetModules();
  return (await import("../../electron-builder.config.mjs")).default;
}

/** Width and height as the header of a PNG says; undefined for other files. */
function pngSize(file: string) {
  const bytes = readFileSync(file);
  if (bytes.toString("latin1", 1, 4) !== "PNG") return undefined;
  return { width: bytes.readUInt32BE(16), height: bytes.readUInt32BE(20) };
}

afterEach(() => vi.unstubAllEnvs());

describe("the configuration of the packages", () => {
  it("is what electron-builder accepts, and a misspelt key is not", async () => {
    const config = await loadConfig();
    await expect(validate(config)).resolves.toBeUndefined();
    await expect(validate({ ...config, asarUnpak: [] })).rejects.toThrow("asarUnpak");
  });

  it("names an update feed when there is one to name", async () => {
    expect((await loadConfig()).publish).toBeNull();
    vi.stubEnv("PARLEY_UPDATE_URL", "https://updates.example/parley");
    const config = await loadConfig();
    expect(config.publish).toEqual([{ provider: "generic", url: "https://updates.example/parley" }]);
    await expect(validate(config)).resolves.toBeUndefined();
  });

  it("every icon it names is there, in the size that its name or its platform asks for", async () => {
    const { linux, mac, win } = await loadConfig();
    for (const size of [16, 24, 32, 48, 64, 128, 256, 512]) {
      const file = path.join(ROOT, linux.icon, `${size}x${size}.png`);
      expect(pngSize(file), file).toEqual({ width: size, height: size });
    }
    expect(pngSize(path.join(ROOT, mac.icon))).toEqual({ width: 1024, height: 1024 });
    expect(pngSize(path.join(ROOT, win.icon))?.width).toBeGreaterThanOrEqual(256);
  });

  it("a signed app on macOS may use the microphone, and says what for", async () => {
    const { mac } = await loadConfig();
    expect(mac.hardenedRuntime).toBe(true);
    for (const file of [mac.entitlements, mac.entitlementsInherit]) {
      expect(readFileSync(path.join(ROOT, file), "utf8")).toMatch(
        /<key>com\.apple\.security\.device\.audio-input<\/key>\s*<true\/>/,
      );
    }
    expect(mac.extendInfo.NSMicrophoneUsageDescription).not.toBe("");
  });

  it("onnxruntime has a program for every platform and processor that packages are made for", async () => {
    const { mac, win } = await loadConfig();
    const natives = path.join(ROOT, "node_modules/onnxruntime-node/bin/napi-v6");
    const targets = { darwin: mac.target, win32: win.target };
    for (const [platform, chosen] of Object.entries(targets)) {
      for (const arch of chosen.flatMap((each) => each.arch))
        expect(existsSync(path.join(natives, platform, arch)), `${platform} ${arch}`).toBe(true);
    }
  });
});
