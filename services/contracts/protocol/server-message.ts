import { z } from "zod";
import { ErrorCodeSchema } from "../errors";
import { DuplexMode } from "./duplex";
import { MicHealthCode } from "./mic-notice";
import { RecordingScope } from "../recording/recording";

const sampleIndex = z.number().int().min(0);
const turn = z.number().int().min(1);

export const ConversationState = z.enum(["listening", "endpointing", "responding", "interrupted", "draining", "ended"]);
export type ConversationState = z.infer<typeof ConversationState>;

export const WordTiming = z.object({
  text: z.string(),
  /** On the agent's sample clock, 48 kHz. */
  startSample: sampleIndex,
  endSample: sampleIndex,
  /** Span of the word in the turn's text, UTF-16 offsets, end exclusive. */
  textStart: z.number().int().min(0),
  textEnd: z.number().int().min(0),
});
export type WordTiming = z.infer<typeof WordTiming>;

export const AgentTurnEndReason = z.enum(["completed", "interrupted", "failed", "superseded"]);
export type AgentTurnEndReason = z.infer<typeof AgentTurnEndReason>;

/**
 * Waterfall of one agent turn. All durations from the end of the user's speech as the VAD placed it,
 * in ms; absent where the stage did not happen (a typed question has no speech end).
 */
export const TurnMetrics = z.object({
  turn,
  endpointMs: z.number().optional(),
  finalTranscriptMs: z.number().optional(),
  brainFirstTokenMs: z.number().optional(),
  firstClauseMs: z.number().optional(),
  leaseMs: z.number().optional(),
  workerFirstFrameMs: z.number().optional(),
  firstFrameSentMs: z.number().optional(),
  playoutStartMs: z.number().optional(),
  worker: z.string().optional(),
  /** Times that the user spoke over the turn. */
  overlaps: z.number().int().optional(),
  /** Times that the agent fell silent for one of them and went on. */
  rewinds: z.number().int().optional(),
});
export type TurnMetrics = z.infer<typeof TurnMetrics>;

/** What speech over the agent turned out to be. Only an interruption ends the agent's turn. */
export const OverlapVerdict = z.enum(["interruption", "backchannel", "noise", "side-talk", "echo"]);
export type OverlapVerdict = z.infer<typeof OverlapVerdict>;

export const ServerMessage = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("session-started"),
    sessionId: z.string(),
    resumeToken: z.string(),
    isResumed: z.boolean(),
    protocolVersion: z.number().int(),
    agentAudio: z.object({ sampleRateHz: z.number().int(), frameSamples: z.number().int() }),
    voice: z.string(),
    voices: z.array(z.string()),
    brain: z.object({ kind: z.enum(["builtin", "endpoint"]), label: z.string() }),
    /** Shown to the user as it is, when there is something to know about this set-up. */
    banner: z.string().optional(),
  }),
  z.object({ type: z.literal("user-speech-start"), micSample: sampleIndex }),
  z.object({ type: z.literal("user-speech-end"), micSample: sampleIndex }),
  /** `text` is the whole partial transcript of the user's turn so far; it replaces the one before. */
  z.object({ type: z.literal("user-transcript-delta"), text: z.string() }),
  z.object({ type: z.literal("user-transcript-end"), text: z.string() }),
  z.object({ type: z.literal("agent-turn-start"), turn }),
  /** `text` is added to the turn's text. */
  z.object({ type: z.literal("agent-text-delta"), turn, text: z.string() }),
  z.object({ type: z.literal("agent-word-timings"), turn, words: z.array(WordTiming) }),
  z.object({
    type: z.literal("agent-turn-end"),
    turn,
    heardText: z.string(),
    unheardText: z.string(),
    reason: AgentTurnEndReason,
  }),
  /** Throw away what is queued from this sample on. */
  z.object({ type: z.literal("flush"), fromSample: sampleIndex }),
  z.object({
    type: z.literal("overlap"),
    turn,
    verdict: OverlapVerdict,
    /** The words, as far as they were understood. */
    text: z.string(),
    /** From the onset of the speech to the verdict, ms. */
    reactionMs: z.number().min(0),
  }),
  z.object({ type: z.literal("duck"), gainDb: z.number() }),
  z.object({ type: z.literal("unduck") }),
  /** How strong the echo lets the two sides share the air; sent when it changes. `words` and `action` are for the person. */
  z.object({ type: z.literal("duplex"), mode: DuplexMode, words: z.string(), action: z.string() }),
  /** Something is wrong with the microphone, or no longer; told once. The page says it itself. */
  z.object({
    type: z.literal("mic-notice"),
    code: MicHealthCode,
    isOver: z.boolean(),
    words: z.string(),
    action: z.string(),
  }),
  z.object({ type: z.literal("state"), state: ConversationState }),
  z.object({ type: z.literal("turn-metrics"), metrics: TurnMetrics }),
  /** What is kept of this conversation from now on. */
  z.object({ type: z.literal("recording"), scope: RecordingScope }),
  z.object({
    type: z.literal("error"),
    code: ErrorCodeSchema,
    message: z.string(),
    action: z.string(),
    retryable: z.boolean(),
  }),
]);
export type ServerMessage = z.infer<typeof ServerMessage>;
