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
  /** Of each event: both judged it alike. What is missing on one clock is not alike. */
  isSameOutcome: boolean[];
  /** Real less virtual, of events with the same outcome. */
  firstAudioMs: number[];
  silenceMs: number[];
  /** Words by which the heard texts of turns that were cut by the same interruption differ in length. */
  heardWords: number[];
  /** What was not judged alike, for a person. */
  notAlike: string[];
}

export function compareClocks(real: ClockedConversation, virtual: ClockedConversation): ClockDifferences {
  const [ours, theirs] = [judgedEvents(real.tally), judgedEvents(virtual.tally)];
  const count = Math.max(ours.length, theirs.length);
  const pairs = Array.from({ length: count }, (_, index) => [ours[index], theirs[index]] as const);
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

function isAlike(
  pair: readonly [JudgedEvent | undefined, JudgedEvent | undefined],
): pair is readonly [JudgedEvent, JudgedEvent] {
  const [one, other] = pair;
  if (one === undefined || other === undefined) return false;
  return one.event.text === other.event.text && one.outcome.type === other.outcome.type;
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
