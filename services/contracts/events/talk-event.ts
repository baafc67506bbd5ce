import { z } from "zod";
import { ErrorCodeSchema } from "../errors";
import { DuplexMode } from "../protocol/duplex";
import { MicHealthCode } from "../protocol/mic-notice";
import {
  AgentTurnEndReason,
  ConversationState,
  OverlapVerdict,
  TurnMetrics,
  WordTiming,
} from "../protocol/server-message";

const base = { atMs: z.number() };
const turn = z.number().int();

/**
 * One line of `parley talk --events`. `atMs`: on the clock of conversation.wav, whose first sample is 0. The lines stand in the
 * order in which the client learned of things; those about sound carry the place of the sound, so that one may be some
 * milliseconds before, or behind, its neighbours.
 */
export const TalkEvent = z.discriminatedUnion("type", [
  z.object({
    ...base,
    type: z.literal("session-started"),
    sessionId: z.string(),
    voice: z.string(),
    brain: z.string(),
  }),
  z.object({ ...base, type: z.literal("user-audio-end") }),
  z.object({ ...base, type: z.literal("user-speech-start") }),
  z.object({ ...base, type: z.literal("user-speech-end") }),
  z.object({ ...base, type: z.literal("user-transcript-delta"), text: z.string() }),
  z.object({ ...base, type: z.literal("user-transcript-end"), text: z.string() }),
  z.object({ ...base, type: z.literal("agent-turn-start"), turn }),
  z.object({ ...base, type: z.literal("agent-text-delta"), turn, text: z.string() }),
  z.object({ ...base, type: z.literal("agent-word-timings"), turn, words: z.array(WordTiming) }),
  z.object({ ...base, type: z.literal("agent-playout-start"), positionSamples: z.number() }),
  z.object({ ...base, type: z.literal("agent-playout-end"), positionSamples: z.number() }),
  z.object({
    ...base,
    type: z.literal("agent-turn-end"),
    turn,
    heardText: z.string(),
    unheardText: z.string(),
    reason: AgentTurnEndReason,
  }),
  z.object({
    ...base,
    type: z.literal("overlap"),
    turn,
    verdict: OverlapVerdict,
    text: z.string(),
    reactionMs: z.number(),
  }),
  z.object({ ...base, type: z.literal("duck"), gainDb: z.number() }),
  z.object({ ...base, type: z.literal("unduck") }),
  z.object({ ...base, type: z.literal("flush"), fromSample: z.number() }),
  z.object({ ...base, type: z.literal("duplex"), mode: DuplexMode, words: z.string(), action: z.string() }),
  z.object({
    ...base,
    type: z.literal("mic-notice"),
    code: MicHealthCode,
    isOver: z.boolean(),
    words: z.string(),
    action: z.string(),
  }),
  z.object({ ...base, type: z.literal("state"), state: ConversationState }),
  z.object({ ...base, type: z.literal("turn-metrics"), metrics: TurnMetrics }),
  z.object({ ...base, type: z.literal("error"), code: ErrorCodeSchema, message: z.string() }),
]);
export type TalkEvent = z.infer<typeof TalkEvent>;
