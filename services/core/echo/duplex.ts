import type { DuplexMode } from "#contracts/protocol/duplex";

export interface DuplexState {
  mode: DuplexMode;
  /** Sound of the agent's since the last change in which the echo was strong, and in which it was weak, ms. */
  strongMs: number;
  weakMs: number;
  /** When the agent's own voice last came through as speech, in ms of its sound; the oldest first. */
  slipsAtMs: readonly number[];
  /** Sound of the agent's so far, ms: the clock of these rules. */
  soundMs: number;
}

export type DuplexEvent =
  /** A window in which the agent was heard and nobody else. `leftDb`: what the canceller left, against what was played. */
  | { type: "echo-heard"; leftDb: number; windowMs: number }
  /** Speech over the agent turned out to be the agent. */
  | { type: "echo-slipped" };

/** An echo this strong is as loud as somebody at arm's length; between the two bounds nothing changes. */
const STRONG_LEFT_DB = -12;
const WEAK_LEFT_DB = -18;
/** The canceller needs two seconds to learn a room. */
const STRONG_MS = { full: 3_000, ducking: 5_000, half: Number.POSITIVE_INFINITY } as const;
/** Somebody who puts headphones on is heard again after this much of the agent's speech. */
const WEAK_MS = 4_000;
/** So many slips within so much of the agent's speech are one step down. */
const MAX_SLIPS = { full: 1, ducking: 2, half: Number.POSITIVE_INFINITY } as const;
const SLIP_WINDOW_MS = 20_000;

const DOWN = { full: "ducking", ducking: "half", half: "half" } as const satisfies Record<DuplexMode, DuplexMode>;
const UP = { full: "full", ducking: "full", half: "ducking" } as const satisfies Record<DuplexMode, DuplexMode>;

export const FULL_DUPLEX: DuplexState = { mode: "full", strongMs: 0, weakMs: 0, slipsAtMs: [], soundMs: 0 };

/** The next state; the rules are [E10] to [E13] of docs/specs/echo.md. Time is the agent's own speech, so it needs no clock. */
export function reduceDuplex(state: DuplexState, event: DuplexEvent): DuplexState {
  return event.type === "echo-heard" ? hear(state, event) : slip(state);
}

function hear(state: DuplexState, { leftDb, windowMs }: DuplexEvent & { type: "echo-heard" }): DuplexState {
  const next = { ...state, soundMs: state.soundMs + windowMs };
  if (leftDb > STRONG_LEFT_DB) return stepIfLong({ ...next, strongMs: state.strongMs + windowMs, weakMs: 0 });
  if (leftDb < WEAK_LEFT_DB) {
    const strongMs = Math.max(0, state.strongMs - windowMs);
    return stepIfLong({ ...next, strongMs, weakMs: state.weakMs + windowMs });
  }
  return next;
}

function stepIfLong(state: DuplexState): DuplexState {
  if (state.strongMs >= STRONG_MS[state.mode]) return enter(state, DOWN[state.mode]);
  const hasSlipped = slipsOf(state).length > 0;
  if (state.weakMs >= WEAK_MS && !hasSlipped && state.mode !== "full") return enter(state, UP[state.mode]);
  return state;
}

function slip(state: DuplexState): DuplexState {
  const slipsAtMs = [...slipsOf(state), state.soundMs];
  const next = { ...state, slipsAtMs, weakMs: 0 };
  return slipsAtMs.length >= MAX_SLIPS[state.mode]
    ? { ...enter(next, DOWN[state.mode]), slipsAtMs: [state.soundMs] }
    : next;
}

function slipsOf({ slipsAtMs, soundMs }: DuplexState): number[] {
  return slipsAtMs.filter((atMs) => soundMs - atMs < SLIP_WINDOW_MS);
}

function enter(state: DuplexState, mode: DuplexMode): DuplexState {
  return { ...state, mode, strongMs: 0, weakMs: 0 };
}
