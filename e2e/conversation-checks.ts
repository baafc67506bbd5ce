import { expect } from "@playwright/test";
import { lettersOf, spokenWords } from "#testing/heard-words";
import { isAudible, type PlayedWindow } from "./audio-tap";
import { CLIP } from "./mic-wav";
import type { ParleyPage } from "./pages/parley-page";

/** A level at which a voice is neither a whisper nor distorted, RMS of its audible part: −34 to −6 dBFS. */
const SANE_LEVEL = { min: 0.02, max: 0.5 };

/** At least five of the sentence's eight words are on the page: the models may mishear one or the other. */
export async function expectClipHeard(parley: ParleyPage): Promise<void> {
  await expect(parley.userWords.first()).toHaveAttribute("data-final", "true", { timeout: 20_000 });
  const heard = new Set(
    (await parley.userWords.allTextContents())
      .join(" ")
      .toLowerCase()
      .match(/[a-z]+/g),
  );
  const found = CLIP.words.split(" ").filter((word) => heard.has(word));
  expect(found.length, `of "${CLIP.words}" in "${[...heard].join(" ")}"`).toBeGreaterThanOrEqual(5);
}

export async function expectAnsweredAloud(parley: ParleyPage): Promise<void> {
  await expect
    .poll(async () => (await parley.played()).filter(isAudible).length, { timeout: 20_000 })
    .toBeGreaterThanOrEqual(8);
  const played = await parley.played();
  expect(played.every((window) => window.isFinite && window.peak <= 1)).toBe(true);
  const level = rmsOf(played.filter(isAudible));
  expect(level).toBeGreaterThan(SANE_LEVEL.min);
  expect(level).toBeLessThan(SANE_LEVEL.max);
}

function rmsOf(windows: PlayedWindow[]): number {
  return Math.sqrt(windows.reduce((sum, { rms }) => sum + rms * rms, 0) / windows.length);
}

/** The last turn: every letter of its text has been spoken, and left the loudspeaker. */
export function expectNoWordLost({ received }: ParleyPage): void {
  const end = received.findLast((message) => message.type === "agent-turn-end");
  const sinceStart = received.slice(
    received.findLastIndex((message) => message.type === "agent-turn-start" && message.turn === end?.turn),
  );
  const text = sinceStart.flatMap((message) => (message.type === "agent-text-delta" ? [message.text] : [])).join("");
  expect(text).not.toBe("");
  expect(end).toMatchObject({ reason: "completed", unheardText: "" });
  expect(lettersOf(end?.heardText ?? "")).toBe(lettersOf(text));
  expect(lettersOf(spokenWords(sinceStart).join(""))).toBe(lettersOf(text));
}
