import { expect, it } from "vitest";
import { OrchestratorConfig } from "#contracts/config/orchestrator";
import { changeConfig, settingKeys } from "./change-config";

const config = OrchestratorConfig.parse({ turn: { minInterruptionMs: 300 } });

it("changes what is named and nothing else", () => {
  const changed = changeConfig(config, [
    { key: "turn.endpointDelayMs", value: 300 },
    { key: "brain.builtin.seed", value: 7 },
  ]);
  expect(changed.turn).toEqual({ ...config.turn, endpointDelayMs: 300 });
  expect(changed.brain.builtin.seed).toBe(7);
  expect(changed.vad).toEqual(config.vad);
  expect(config.turn.endpointDelayMs).toBe(450);
});

it("knows every setting by its path", () => {
  expect(settingKeys).toEqual(expect.arrayContaining(["turn.preemptive", "vad.minSilenceMs", "brain.endpoint.url"]));
});

it("names the nearest key for one that there is not", () => {
  expect(() => changeConfig(config, [{ key: "turn.endpointDelay", value: 1 }])).toThrow(
    /there is no turn.endpointDelay; did you mean turn.endpointDelayMs\?/,
  );
  expect(() => changeConfig(config, [{ key: "vad.minsilencems", value: 1 }])).toThrow(
    /did you mean vad.minSilenceMs\?/,
  );
  expect(() => changeConfig(config, [{ key: "turn", value: 1 }])).toThrow(/there is no turn;/);
});

it("refuses a value that the schema refuses", () => {
  expect(() => changeConfig(config, [{ key: "turn.endpointDelayMs", value: "soon" }])).toThrow(/endpointDelayMs/);
});
