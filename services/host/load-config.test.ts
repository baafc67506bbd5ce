import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { format, resolveConfig as prettierOptions } from "prettier";
import { afterAll, describe, expect, it } from "vitest";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { configurationPage } from "#core/config/configuration-page";
import { entriesOfSettings } from "#core/config/settings-entries";
import { silentLogger } from "#core/ports/logger";
import { loadOrchestratorConfig, loadWorkerConfig, ORCHESTRATOR_KEYS, WORKER_KEYS } from "./load-config";
import { openUserSettings } from "./open-settings";

const repo = fileURLToPath(new URL("../../", import.meta.url));
const shipped = {
  configFile: (name: string) => path.join(repo, "configs", `${name}.yaml`),
  profileFolder: path.join(repo, "configs/profiles"),
};
const folder = mkdtempSync(path.join(os.tmpdir(), "parley-config-"));
const own = {
  configFile: (name: string) => path.join(folder, `${name}.yaml`),
  profileFolder: path.join(folder, "profiles"),
  configDir: folder,
};
mkdirSync(own.profileFolder);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("the files of Parley", () => {
  it.each([undefined, "network"])("are valid, with profile %s", async (profile) => {
    const surroundings = { places: shipped, env: {} };
    const { config } = await loadOrchestratorConfig({ profile }, surroundings);
    expect(config).toEqual({
      ...OrchestratorConfig.parse({}),
      ...(profile === undefined ? {} : { server: { ...config.server, host: "0.0.0.0" } }),
    });
    await expect(loadWorkerConfig({ profile }, surroundings)).resolves.toMatchObject({ unused: [] });
  });

  it("docs/CONFIGURATION.md is what the schema says; `vitest --update` writes it", async () => {
    const reference = { orchestrator: ORCHESTRATOR_KEYS, worker: WORKER_KEYS };
    expect([...ORCHESTRATOR_KEYS, ...WORKER_KEYS].filter(({ description }) => description === "")).toEqual([]);
    const file = path.join(repo, "docs/CONFIGURATION.md");
    const page = await format(configurationPage(reference), { ...(await prettierOptions(file)), parser: "markdown" });
    await expect(page).toMatchFileSnapshot(file);
  });
});

describe("loading a configuration", () => {
  it("takes a profile by name, from the environment too, and names those that there are", async () => {
    writeFileSync(path.join(own.profileFolder, "quiet.yaml"), "log:\n  level: error\nworker:\n  port: 7009\n");
    const levelIn = async (profile?: string, env = {}): Promise<string> =>
      (await loadOrchestratorConfig({ profile }, { places: own, env })).config.log.level;
    expect(await levelIn("quiet")).toBe("error");
    expect(await levelIn(undefined, { PARLEY_PROFILE: "quiet" })).toBe("error");
    expect(await levelIn("quiet", { PARLEY_LOG_LEVEL: "debug" })).toBe("debug");
    expect((await loadWorkerConfig({ profile: "quiet" }, { places: own, env: {} })).config.worker.port).toBe(7009);
    await expect(levelIn("../quiet")).rejects.toThrow("there is no profile ../quiet");
    await expect(levelIn("loud")).rejects.toThrow("there is quiet");
  });

  it("a missing file that was named and broken YAML are told", async () => {
    const surroundings = { places: own, env: {} };
    await expect(loadWorkerConfig({ file: "/no/such.yaml" }, surroundings)).rejects.toMatchObject({
      code: "file-unreadable",
    });
    const broken = path.join(folder, "broken.yaml");
    writeFileSync(broken, "server: [");
    await expect(loadOrchestratorConfig({ file: broken }, surroundings)).rejects.toMatchObject({ code: "bad-config" });
  });

  it("broken YAML is told by its line, in one, and without what stands there", async () => {
    const broken = path.join(folder, "secret.yaml");
    for (const text of ["redis:\n  url: redis://:hidden@a\n\tca_file: x\n", "redis:\n  url: 'redis://:hidden@a\n"]) {
      writeFileSync(broken, text);
      const failure: unknown = await loadOrchestratorConfig({ file: broken }, { places: own, env: {} }).catch(
        (error: unknown) => error,
      );
      expect(String(failure)).toMatch(/secret\.yaml: it is no YAML from line \d on: [a-z ]+/);
      expect(String(failure)).not.toMatch(/hidden|\n/);
    }
  });

  it("leaves the Redis and the mode of the environment to those who know what a person has chosen", async () => {
    const env = { REDIS_URL: "redis://:secret@a", PARLEY_MODE: "client" };
    const { config } = await loadOrchestratorConfig({}, { places: own, env });
    expect(config).toMatchObject({ redis: { url: "" }, mode: "full" });
    const shown = await loadOrchestratorConfig({ settings: [] }, { places: own, env });
    expect(shown.config).toMatchObject({ redis: { url: "redis://:secret@a" }, mode: "client" });
  });
});

describe("what a person has chosen", () => {
  const settings = {
    voice: "tone",
    turnPreset: "patient" as const,
    brain: { kind: "endpoint" as const, url: "http://a.lan/v1", model: "" },
    recording: "text" as const,
    mode: "worker" as const,
  };
  const kept = { version: 1 as const, settings, secrets: {} };

  it("goes before the files and behind the environment", async () => {
    const env = { PARLEY_VOICE_DEFAULT: "flite-kal" };
    const { config, keys } = await loadOrchestratorConfig(
      { settings: entriesOfSettings(kept, "settings.json") },
      { places: own, env },
    );
    expect(config).toMatchObject({
      voice: { default: "flite-kal" },
      turn: { endpointDelayMs: 900 },
      brain: { kind: "endpoint", endpoint: { url: "http://a.lan/v1" } },
      recording: { enabled: true, keepAudio: false },
      mode: "worker",
    });
    expect(keys.find(({ key }) => key.key === "turn.endpointDelayMs")).toMatchObject({ origin: "settings.json" });
  });

  it("does not change what a variable or an option decides", async () => {
    writeFileSync(path.join(folder, "settings.json"), JSON.stringify(kept));
    const env = { PARLEY_VOICE_DEFAULT: "flite-kal", REDIS_SENTINELS: "s:1" };
    const flags = { "recording.enabled": { value: false, option: "--set" } };
    const { config } = await loadOrchestratorConfig({ flags }, { places: own, env });
    const opened = await openUserSettings({ config, places: own, env, flags, log: silentLogger });
    const { settings: now, fixedBy } = await opened.read();
    expect(now).toMatchObject({ voice: "flite-kal", recording: "off", mode: "worker", turnPreset: "patient" });
    expect(fixedBy).toEqual({ voice: "PARLEY_VOICE_DEFAULT", redis: "REDIS_SENTINELS", recording: "--set" });
    await expect(opened.change({ voice: "tone" })).rejects.toMatchObject({ code: "setting-fixed" });
    await expect(opened.change({ reset: ["recording"] })).rejects.toMatchObject({ code: "setting-fixed" });
    await opened.change({ turnPreset: "quick" });
    expect(JSON.parse(readFileSync(path.join(folder, "settings.json"), "utf8"))).toMatchObject({
      settings: { voice: "tone", turnPreset: "quick" },
    });
  });
});
