import type { AgentEntry, TranscriptEntry } from "#core/client/conversation";
import type { Caption } from "./conversation-view";

/**
 * The word that is being heard. `heardSamples`: agent's clock, what has left the loudspeaker.
 * undefined while no turn runs, or nothing of it has come out yet. Between two words no word is being heard.
 */
export function captionAt(entries: readonly TranscriptEntry[], heardSamples: number): Caption | undefined {
  const entry = entries.findLast(
    (candidate): candidate is AgentEntry => candidate.type === "agent" && candidate.outcome === "running",
  );
  const word = entry?.words.findLast(({ startSample }) => startSample < heardSamples);
  if (entry === undefined || word === undefined) return undefined;
  const isPast = word.endSample <= heardSamples;
  return { turn: entry.turn, heardEnd: isPast ? word.textEnd : word.textStart, wordEnd: word.textEnd };
}
