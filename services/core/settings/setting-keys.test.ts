import { describe, expect, it } from "vitest";
import { UserSettings } from "../../contracts/settings/user-settings";
import { listSettings, parseSettingKey, patchFor, resetFor } from "./setting-keys";

const settings: UserSettings = {
  voice: "flite-slt",
  turnPreset: "balanced",
  brain: { kind: "endpoint", url: "http://a.lan/v1", model: "m" },
  redis: { url: "", caFile: "" },
  recording: "off",
  mode: "full",
};

describe("keys of settings", () => {
  it("reach every setting", () => {
    const groups = new Set(listSettings(settings).map(({ key }) => key.split(".")[0]));
    expect([...groups].sort()).toEqual(Object.keys(UserSettings.shape).sort());
  });

  it.each([
    ["turnpreset", "turnPreset"],
    ["Mode", "mode"],
  ])("%s is %s", (text, key) => expect(parseSettingKey(text)).toBe(key));

  it.each([
    ["voise", "voice"],
    ["brain.modle", "brain.model"],
    ["turn", "turnPreset"],
    ["redis-url", "redis.url"],
  ])("%s is unknown; %s is near", (text, near) => {
    expect(() => parseSettingKey(text)).toThrow(`did you mean ${near}?`);
  });

  it("change one part of a group and leave the others", () => {
    expect(patchFor(settings, "brain.model", "n")).toEqual({ brain: { ...settings.brain, model: "n" } });
    expect(patchFor(settings, "brainApiKey", "sk")).toEqual({ brainApiKey: "sk" });
  });

  it("refuse a value that the screen would refuse, and say what is allowed", () => {
    expect(() => patchFor(settings, "mode", "half")).toThrow(/mode: .*"full".*"client".*"worker"/);
    expect(() => patchFor(settings, "brain.url", "no address")).toThrow(/brain\.url/);
  });

  it("are forgotten with their group; a secret alone", () => {
    expect(resetFor("brain.model")).toEqual({ reset: ["brain"] });
    expect(resetFor("redisPassword")).toEqual({ redisPassword: "" });
  });
});
