import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";

/** Where the window was, in display-independent pixels. */
export const WindowState = z.object({
  x: z.int().optional(),
  y: z.int().optional(),
  width: z.int().min(320),
  height: z.int().min(400),
  isMaximized: z.boolean(),
});
export type WindowState = z.infer<typeof WindowState>;

export interface Rectangle {
  x: number;
  y: number;
  width: number;
  height: number;
}

const DEFAULT_STATE: WindowState = { width: 980, height: 760, isMaximized: false };
/** So much of the title bar must be on a display for the window to be grabbed, px. */
const GRABBABLE_PX = 80;

/** The kept state, or the usual size in the middle when there is none or it cannot be read. */
export function readWindowState(file: string): WindowState {
  try {
    const parsed = parseJsonWith(WindowState, readFileSync(file, "utf8"));
    return parsed.ok ? parsed.value : DEFAULT_STATE;
  } catch {
    return DEFAULT_STATE;
  }
}

/** A state that cannot be kept is no reason to keep anybody from quitting. */
export function writeWindowState(file: string, state: WindowState): void {
  try {
    writeFileSync(file, JSON.stringify(state));
  } catch {
    // the next start opens in the middle
  }
}

/** Leaves the place out when the display that it was on is gone. */
export function placeOnDisplays(state: WindowState, displays: readonly Rectangle[]): WindowState {
  const { x, y, width } = state;
  if (x === undefined || y === undefined) return state;
  const isReachable = displays.some(
    (area) =>
      x + width - GRABBABLE_PX >= area.x &&
      x + GRABBABLE_PX <= area.x + area.width &&
      y >= area.y &&
      y + GRABBABLE_PX <= area.y + area.height,
  );
  if (isReachable) return state;
  const { x: _x, y: _y, ...rest } = state;
  return rest;
}
