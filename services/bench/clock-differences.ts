import type { TalkEvent } from "#contracts/events/talk-event";
import { YIELD_WINDOW_MS } from "#score/measure/overlaps";
import { describeOutcome, judgedEvents, type JudgedEvent, type Tally } from "#score/measure/tally";

/** One conversation by one clock. */
export interface ClockedConversation {
  tally: Tally;
  events: readonly TalkEvent[];
}

/** How the same script went on two clocks. */
export interface ClockDifferences {
  /** Of each event: both judged it alike. What took place on one clock alone is not alike. */
  isSameOutcome: boolean[];
  /** Real less virtual, of events with the same outcome. */
  firstAudioMs: number[];
  silenceMs: number[];
  /** Words by which the heard texts of turns that were cut by the same interruption differ in length. */
  heardWords: number[];
  /** What was not judged alike, for a person. */
  notAlike: string[];
}

type Pair = readonly [JudgedEvent | undefined, JudgedEvent | undefined];

interface Pairing {
  /** Pairs of which both took place. */
  common: number;
  pairs: readonly Pair[];
}

export function compareClocks(real: ClockedConversation, virtual: ClockedConversation): ClockDifferences {
  const pairs = pairUp(judgedEvents(real.tally), judgedEvents(virtual.tally));
  const alike = pairs.filter(isAlike);
  const differences = (of: (event: JudgedEvent) => number | undefined): number[] =>
    alike.flatMap(([one, other]) => difference(of(one), of(other)) ?? []);
  return {
    isSameOutcome: pairs.map(isAlike),
    firstAudioMs: differences(({ outcome }) => (outcome.type === "answered" ? outcome.latencyMs : undefined)),
    silenceMs: differences(({ outcome }) => (outcome.type === "yielded" ? outcome.silentMs : undefined)),
    heardWords: alike.flatMap(
      ([one, other]) => difference(heardWordsAt(real.events, one), heardWordsAt(virtual.events, other)) ?? [],
    ),
    notAlike: pairs.filter((pair) => !isAlike(pair)).map(([one, other]) => `${describe(one)} | ${describe(other)}`),
  };
}

function describe(judged: JudgedEvent | undefined): string {
  if (judged === undefined) return "nothing";
  const { kind, detail, text } = judged.event;
  return `${kind}, ${text === "" ? detail : `"${text}"`}: ${describeOutcome(judged)}`;
}

/**
 * The same events side by side, in order, as many as there are (longest common subsequence): a user whose agent fell silent on
 * one clock only asks once more there, and one event too many must not shift all that come after it.
 */
function pairUp(ours: readonly JudgedEvent[], theirs: readonly JudgedEvent[]): readonly Pair[] {
  const add = ({ common, pairs }: Pairing, pair: Pair): Pairing => ({
    common: common + (pair[0] === undefined || pair[1] === undefined ? 0 : 1),
    pairs: [...pairs, pair],
  });
  const none: Pairing = { common: 0, pairs: [] };
  let previous = theirs.map((_, at) =>
    theirs.slice(0, at + 1).reduce((all, other) => add(all, [undefined, other]), none),
  );
  previous.unshift(none);
  for (const one of ours) {
    const current = [add(previous[0] ?? none, [one, undefined])];
    for (const [column, other] of theirs.entries()) {
      // Of equal ones the first counts: of two events with one name the earlier ones are the same.
      const options = [
        add(previous[column + 1] ?? none, [one, undefined]),
        add(current[column] ?? none, [undefined, other]),
        ...(nameOf(one) === nameOf(other) ? [add(previous[column] ?? none, [one, other])] : []),
      ];
      current.push(options.reduce((best, option) => (option.common > best.common ? option : best)));
    }
    previous = current;
  }
  return previous.at(-1)?.pairs ?? [];
}

function nameOf({ event: { kind, detail, text } }: JudgedEvent): string {
  return [kind, detail, text].join("/");
}

function isAlike(pair: Pair): pair is readonly [JudgedEvent, JudgedEvent] {
  const [one, other] = pair;
  if (one === undefined || other === undefined) return false;
  return one.outcome.type === other.outcome.type;
}

function difference(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? undefined : one - other;
}

/** Words heard of the turn that the interruption cut; undefined for all else. */
function heardWordsAt(events: readonly TalkEvent[], { event, outcome }: JudgedEvent): number | undefined {
  if (outcome.type !== "yielded") return undefined;
  const end = events.find(
    (other) =>
      other.type === "agent-turn-end" &&
      other.reason === "interrupted" &&
      other.atMs >= event.startMs &&
      other.atMs <= event.startMs + YIELD_WINDOW_MS,
  );
  if (end?.type !== "agent-turn-end") return undefined;
  return end.heardText.split(/\s+/u).filter((word) => word !== "").length;
}
