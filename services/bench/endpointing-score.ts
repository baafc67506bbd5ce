import type { EndpointEvidence } from "#core/turn/endpointing";
import { single, spread, type Measure } from "#score/figures/measure";
import type { HeardSilence } from "./endpointing-hearing";
import type { TurnGroup } from "./endpointing-set";

/** A silence and what it really was. */
export interface LabelledSilence extends HeardSilence {
  group: TurnGroup;
}

/** Any rule that says how long to wait, ms from the VAD's end of speech. */
export type EndpointRule = (evidence: EndpointEvidence) => number;

/** A mid-turn pause is cut off when the rule would have ended the turn before the user's next words were noticed. */
function isCutOff(silence: LabelledSilence, rule: EndpointRule): boolean {
  return silence.resumedAfterMs !== undefined && delayOf(silence, rule) < silence.resumedAfterMs;
}

function delayOf({ text, prosody }: LabelledSilence, rule: EndpointRule): number {
  return rule({ text, prosody, cutOffCount: 0 });
}

const goals = { cutOff: { atMost: 0.05 }, delayMs: { atMost: 350 } };

/** What a rule would have done: how often it cuts in, and how long whole turns wait. Throws without both kinds of silence. */
export function scoreRule(
  silences: readonly LabelledSilence[],
  { name, rule, isJudged }: { name: string; rule: EndpointRule; isJudged: boolean },
): Record<string, Measure> {
  const pauses = silences.filter((silence) => silence.resumedAfterMs !== undefined);
  const ends = silences.filter((silence) => silence.resumedAfterMs === undefined);
  const rateOf = (some: readonly LabelledSilence[]): number =>
    some.filter((silence) => isCutOff(silence, rule)).length / some.length;
  return {
    [`${name}: pauses up to 600 ms taken for the end`]: {
      ...single("ratio", rateOf(pauses), isJudged ? goals.cutOff : undefined),
      n: pauses.length,
    },
    [`${name}: delay after whole turns, from the VAD's end of speech`]: {
      ...spread(
        "ms",
        ends.map((end) => delayOf(end, rule)),
        isJudged ? { of: "p50", limits: goals.delayMs } : [],
      ),
      n: ends.length,
    },
  };
}

/** The share of cut-offs in each group of pauses. */
export function scoreGroups(silences: readonly LabelledSilence[], rule: EndpointRule): Record<string, Measure> {
  const pauses = silences.filter((silence) => silence.resumedAfterMs !== undefined);
  const groups = [...new Set(pauses.map(({ group }) => group))];
  return Object.fromEntries(
    groups.map((group) => {
      const some = pauses.filter((pause) => pause.group === group);
      const ratio = some.filter((pause) => isCutOff(pause, rule)).length / some.length;
      return [`words and voice: of these after "${group}" words`, { ...single("ratio", ratio), n: some.length }];
    }),
  );
}
