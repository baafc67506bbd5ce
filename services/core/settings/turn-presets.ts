import type { TurnPreset, UserSettings } from "../../contracts/settings/user-settings";

export interface TurnDelays {
  /** Silence that ends a turn when the words speak neither for nor against it, ms. */
  endpointDelayMs: number;
  /** Speech over the agent that lasts this long stops it, ms. */
  minInterruptionMs: number;
}

/** `balanced` is what an empty configuration gives. */
export const TURN_PRESETS: Readonly<Record<TurnPreset, TurnDelays>> = {
  quick: { endpointDelayMs: 300, minInterruptionMs: 150 },
  balanced: { endpointDelayMs: 450, minInterruptionMs: 200 },
  patient: { endpointDelayMs: 900, minInterruptionMs: 300 },
};

/** The preset with just these delays. */
export function presetOf(delays: TurnDelays): TurnPreset | "configured" {
  const names = Object.keys(TURN_PRESETS) as TurnPreset[];
  const isSame = (name: TurnPreset): boolean =>
    TURN_PRESETS[name].endpointDelayMs === delays.endpointDelayMs &&
    TURN_PRESETS[name].minInterruptionMs === delays.minInterruptionMs;
  return names.find(isSame) ?? "configured";
}

export function turnDelaysOf(configured: TurnDelays, preset: UserSettings["turnPreset"]): TurnDelays {
  return preset === "configured" ? configured : TURN_PRESETS[preset];
}
