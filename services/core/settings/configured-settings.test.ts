import { describe, expect, it } from "vitest";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { SettingsState } from "#contracts/settings/user-settings";
import { brainConfigOf, settingsFromConfig } from "./configured-settings";
import { TURN_PRESETS, turnDelaysOf } from "./turn-presets";

const URL_A = "http://127.0.0.1:11434/v1";
const configured = OrchestratorConfig.parse({ brain: { endpoint: { url: URL_A, apiKeyEnv: "KEY_A" } } });

function stateWith(brain: Partial<SettingsState["settings"]["brain"]>, brainApiKey?: string): SettingsState {
  const settings = settingsFromConfig(configured);
  return {
    settings: { ...settings, brain: { ...settings.brain, ...brain } },
    brainApiKey,
    fixedBy: {},
    isFirstRun: false,
    file: "/f",
    secretKeeping: "file",
  };
}

describe("settings of a configuration", () => {
  it("an empty one gives the usual ones", () => {
    expect(settingsFromConfig(OrchestratorConfig.parse({}))).toEqual({
      voice: "flite-slt",
      turnPreset: "balanced",
      brain: { kind: "auto", url: "", model: "" },
      redis: { url: "", caFile: "" },
      recording: "off",
      mode: "full",
    });
  });

  it("delays of its own are no preset, and hold until one is chosen", () => {
    const { turn } = OrchestratorConfig.parse({ turn: { endpointDelayMs: 610 } });
    const { turnPreset } = settingsFromConfig(OrchestratorConfig.parse({ turn }));
    expect(turnPreset).toBe("configured");
    expect(turnDelaysOf(turn, turnPreset)).toMatchObject({ endpointDelayMs: 610 });
    expect(turnDelaysOf(turn, "quick")).toEqual(TURN_PRESETS.quick);
  });
});

describe("the brain's configuration", () => {
  it("is the configured one while the person has chosen nothing", () => {
    expect(brainConfigOf(configured.brain, stateWith({}))).toEqual(configured.brain);
  });

  it("the configured key goes to the configured endpoint alone", () => {
    expect(brainConfigOf(configured.brain, stateWith({ kind: "endpoint" })).endpoint).toMatchObject({
      url: URL_A,
      apiKeyEnv: "KEY_A",
    });
    const { endpoint } = brainConfigOf(configured.brain, stateWith({ kind: "endpoint", url: "http://other.test/v1" }));
    expect(endpoint).toEqual({ url: "http://other.test/v1" });
  });

  it("the person's key takes the place of the configured one", () => {
    const { endpoint } = brainConfigOf(configured.brain, stateWith({ kind: "endpoint", model: "m" }, "sk-1"));
    expect(endpoint).toEqual({ url: URL_A, model: "m", apiKey: "sk-1" });
  });

  it("automatic keeps the configured endpoint, not one that was chosen before", () => {
    const { endpoint } = brainConfigOf(configured.brain, stateWith({ kind: "auto", url: "http://other.test/v1" }));
    expect(endpoint?.url).toBe(URL_A);
  });
});
