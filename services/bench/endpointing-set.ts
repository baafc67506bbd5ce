import { readFile } from "node:fs/promises";
import { parse } from "yaml";
import { z } from "zod";
import { createSeededRandom } from "#core/random/seeded-random";
import { parseWith } from "#contracts/parse";
import type { Half } from "#score/user/compose-script";

const texts = z.array(z.string().min(1)).default([]);
const TurnFile = z.strictObject({
  open: texts,
  phrase: texts,
  clause: texts,
  whole: texts,
  recorded: z
    .array(z.strictObject({ file: z.string(), endMs: z.number(), pausesAtMs: z.array(z.number()) }))
    .default([]),
});
export type TurnFile = z.infer<typeof TurnFile>;

/** What the words before the pause are like; see the comments in endpointing-turns.yaml. */
export type TurnGroup = keyof TurnFile;

export type TurnSource =
  /** `pauseAt`: characters before the pause. */
  | { type: "text"; text: string; voice: string; pauseAt: number | undefined }
  | { type: "recording"; file: string; endMs: number; pauseAtMs: number | undefined };

/** One turn of a user with at most one pause in it. */
export interface LabelledTurn {
  group: TurnGroup;
  source: TurnSource;
  /** How long the user pauses, ms. */
  pauseMs: number;
  half: Half;
}

const TEXT_GROUPS = ["open", "phrase", "clause", "whole"] as const;
const USER_VOICES = ["flite-rms", "flite-awb", "flite-kal16"] as const;
const PAUSE_MARK = " |";
const SHORTEST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 600;
const SEED = 20_260_302;

export async function loadLabelledTurns(file: URL): Promise<LabelledTurn[]> {
  const parsed = parseWith(TurnFile, parse(await readFile(file, "utf8")));
  if (!parsed.ok) throw new Error(`${file.pathname}: ${parsed.issues}`);
  return labelTurns(parsed.value, SEED);
}

/**
 * Gives each text a voice, a length of its pause and a half, by seed and text alone. The halves of each group are equal in
 * size, give or take one; all turns of one recording are in the same half.
 */
export function labelTurns(file: TurnFile, seed: number): LabelledTurn[] {
  const spoken = TEXT_GROUPS.flatMap((group) =>
    inHalves(file[group], { seed, nameOf: (line) => line }).map(({ item, half, random }): LabelledTurn => {
      const at = item.indexOf(PAUSE_MARK);
      const voice = USER_VOICES[Math.floor(random() * USER_VOICES.length)] ?? USER_VOICES[0];
      const pauseAt = at < 0 ? undefined : at;
      const source = { type: "text" as const, text: item.replace(PAUSE_MARK, ""), voice, pauseAt };
      return { group, source, pauseMs: choosePauseMs(random), half };
    }),
  );
  const recorded = inHalves(file.recorded, { seed, nameOf: (recording) => recording.file }).flatMap(
    ({ item, half, random }) =>
      [undefined, ...item.pausesAtMs].map((pauseAtMs): LabelledTurn => {
        const source = { type: "recording" as const, file: item.file, endMs: item.endMs, pauseAtMs };
        return { group: "recorded", source, pauseMs: choosePauseMs(random), half };
      }),
  );
  return [...spoken, ...recorded];
}

function choosePauseMs(random: () => number): number {
  return Math.round(SHORTEST_PAUSE_MS + random() * (LONGEST_PAUSE_MS - SHORTEST_PAUSE_MS));
}

function inHalves<T>(
  items: readonly T[],
  options: { seed: number; nameOf(item: T): string },
): { item: T; half: Half; random: () => number }[] {
  return items
    .map((item) => ({ item, random: createSeededRandom(options.seed, options.nameOf(item)) }))
    .map(({ item, random }) => ({ item, random, order: random() }))
    .sort((a, b) => a.order - b.order)
    .map(({ item, random }, index) => ({ item, random, half: index % 2 === 0 ? "tuning" : "held-out" }));
}
