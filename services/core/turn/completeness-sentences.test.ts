import { describe, expect, it } from "vitest";
import { SAID_SENTENCES } from "#testing/said-sentences";
import { createSeededRandom } from "../random/seeded-random";
import { judgeCompleteness, type Completeness } from "./completeness";

const SEED = 1;
const MARK = "/";

interface CutSentence {
  text: string;
  /** "whole": all of it; "cut": more must come; "maybe": it could end there. */
  label: "whole" | "cut" | "maybe";
}

/** All beginnings of a sentence; the ears end each with a full stop or a question mark. */
function cutEverywhere(line: string): CutSentence[] {
  const pieces = line.split(" ");
  const said = pieces.filter((piece) => piece !== MARK);
  const stop = line.endsWith("?") ? "?" : ".";
  return said.map((_, at) => {
    const words = said.slice(0, at + 1).join(" ");
    if (at === said.length - 1) return { text: words, label: "whole" };
    const isMarked = pieces.some(
      (piece, index) => piece === MARK && pieces.slice(0, index).filter((one) => one !== MARK).length === at + 1,
    );
    return { text: words.replace(/[,.?]$/u, "") + stop, label: isMarked ? "maybe" : "cut" };
  });
}

/** The rules were made on the one half; the other says how they do on sentences that they were not made on. */
const ordered = SAID_SENTENCES.map((line) => ({ line, order: createSeededRandom(SEED, line)() }))
  .sort((a, b) => a.order - b.order)
  .map(({ line }) => line);

describe.each(["tuning", "held-out"] as const)("[TT30] judgeCompleteness on the %s half of the sentences", (half) => {
  const cuts = ordered.filter((_, index) => index % 2 === (half === "tuning" ? 0 : 1)).flatMap(cutEverywhere);
  const judged = (
    label: CutSentence["label"],
    verdicts: readonly Completeness[],
  ): { ratio: number; texts: string[] } => {
    const some = cuts.filter((cut) => cut.label === label);
    const texts = some.map(({ text }) => text).filter((text) => verdicts.includes(judgeCompleteness(text)));
    return { ratio: texts.length / some.length, texts };
  };

  it("takes no whole sentence for an unfinished one", () => {
    expect(judged("whole", ["open", "half-open"]).texts).toEqual([]);
  });

  it("hardly ever takes a sentence that was cut for a whole question", () => {
    expect(judged("cut", ["question", "request", "asked"]).ratio).toBeLessThan(0.05);
  });

  it("takes no sentence that was cut for a request that has all it can want", () => {
    expect([...judged("cut", ["request"]).texts, ...judged("maybe", ["request"]).texts]).toEqual([]);
  });

  it("knows most of the cuts as such", () => {
    expect(judged("cut", ["open", "half-open"]).ratio).toBeGreaterThan(0.7);
  });
});
