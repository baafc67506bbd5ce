import { z } from "zod";
import { RecordingId } from "./recording";

/** A recording as a conversation to be read: one line of the history. */
export const KeptConversation = z.object({
  id: RecordingId,
  /** Wall-clock time. */
  startedAt: z.string(),
  durationMs: z.number(),
  /** The user's first words, shortened; the agent's when the user said none; may be empty. */
  title: z.string(),
  /** Answers of the agent. */
  turnCount: z.number(),
  /** What was said can be played. */
  hasAudio: z.boolean(),
  /** It goes on right now. */
  isRunning: z.boolean(),
});
export type KeptConversation = z.infer<typeof KeptConversation>;

export const KeptMessage = z.object({
  role: z.enum(["user", "agent"]),
  /** For the agent: heard text. */
  text: z.string(),
  unheardText: z.string().optional(),
  /** The user cut in. */
  isInterrupted: z.boolean().optional(),
  /** On the clock of the recording. */
  atMs: z.number(),
});
export type KeptMessage = z.infer<typeof KeptMessage>;

export const ConversationRecord = KeptConversation.extend({
  voice: z.string(),
  brainLabel: z.string(),
  messages: z.array(KeptMessage),
});
export type ConversationRecord = z.infer<typeof ConversationRecord>;

export const ConversationList = z.object({
  /** Newest first. `excerpt`: where the words that were searched for stand, when not in the title. */
  conversations: z.array(KeptConversation.extend({ excerpt: z.string().optional() })),
  /** Folders of recordings that cannot be read, or that something else made. */
  skippedCount: z.number(),
});
export type ConversationList = z.infer<typeof ConversationList>;
