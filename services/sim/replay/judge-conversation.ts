import type { TalkEvent } from "#contracts/events/talk-event";
import type { AgentTurnEndReason } from "#contracts/protocol/server-message";

/** One turn of the agent, and what it answered. */
export interface JudgedTurn {
  /** When the agent's turn began, on the conversation's clock. */
  atMs: number;
  userText: string;
  /** Heard and unheard. */
  agentText: string;
  heardText: string;
  reason: AgentTurnEndReason;
  /** End of the user's speech to the first sample at the speaker, by the turn's own metrics; absent when never audible. */
  firstAudioLatencyMs: number | undefined;
  /** [SM8] */
  isFalseStop: boolean;
  /** [SM7] */
  isCutOff: boolean;
}

/** A user who speaks again so soon after the agent began had not finished [SM7]. */
const CUT_OFF_MS = 1_000;

/** What became of each turn of the agent, in order; a turn that never ended is left out. */
export function judgeConversation(events: readonly TalkEvent[]): JudgedTurn[] {
  return events.flatMap((event, index) => {
    if (event.type !== "agent-turn-start") return [];
    const rest = events.slice(index);
    const end = rest.find((other) => other.type === "agent-turn-end" && other.turn === event.turn);
    if (end?.type !== "agent-turn-end") return [];
    const asked = events.slice(0, index).findLast((other) => other.type === "user-transcript-end");
    const metrics = rest.find((other) => other.type === "turn-metrics" && other.metrics.turn === event.turn);
    const isInterrupted = end.reason === "interrupted";
    return [
      {
        atMs: event.atMs,
        userText: asked?.type === "user-transcript-end" ? asked.text : "",
        agentText: wholeText(end),
        heardText: end.heardText,
        reason: end.reason,
        firstAudioLatencyMs: metrics?.type === "turn-metrics" ? metrics.metrics.playoutStartMs : undefined,
        isFalseStop: isInterrupted && !saysWords(events.slice(events.indexOf(end))),
        isCutOff: isInterrupted && goesOn(rest.slice(0, rest.indexOf(end) + 1)),
      },
    ];
  });
}

/** Heard and unheard, which are cut apart between words and without what stands there. */
export function wholeText({ heardText, unheardText }: { heardText: string; unheardText: string }): string {
  return `${heardText} ${unheardText}`.trim().replaceAll(/\s+/gu, " ");
}

/** True when the user's next turn has words. */
function saysWords(afterTurn: readonly TalkEvent[]): boolean {
  for (const event of afterTurn) {
    if (event.type === "user-transcript-end") return /[\p{L}\p{N}]/u.test(event.text);
    if (event.type === "agent-turn-start") return false;
  }
  return false;
}

function goesOn(duringTurn: readonly TalkEvent[]): boolean {
  const start = duringTurn.find((event) => event.type === "agent-playout-start");
  if (start === undefined) return false;
  return duringTurn.some(
    (event) => event.type === "user-speech-start" && event.atMs >= start.atMs && event.atMs <= start.atMs + CUT_OFF_MS,
  );
}
