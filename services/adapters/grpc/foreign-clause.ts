import { status, type StatusObject } from "@grpc/grpc-js";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { VOICE_FRAME_SAMPLES } from "#contracts/units";
import { readMessages } from "./message-source";
import { VoiceFrameFromWire } from "./messages";
import { fromStatus } from "./status-table";
import type { WorkerChannel } from "./worker-channel";

/** A clause is a few seconds of speech; a worker that sends a minute of it does not know where to end. */
const MAX_CLAUSE_FRAMES = 3_000;

export interface ForeignClause {
  channel: WorkerChannel;
  sessionId: string;
  text: string;
  /** For the whole call: such a worker computes everything before it sends the first frame, and then sends all at once. */
  timeoutMs: number;
  signal: AbortSignal;
}

/**
 * The whole audio of one clause from a worker of the predecessor, 48 kHz. It reads its text until the client has no more,
 * so each clause is a call of its own. Whatever goes wrong is `worker-lost`: another worker may do it; after an abort `cancelled`.
 */
export async function synthesizeForeign(clause: ForeignClause): Promise<Int16Array> {
  const { channel, sessionId, text, signal } = clause;
  if (signal.aborted) throw new AppError("cancelled");
  const call = channel.client.Synthesize(channel.metadata(), { deadline: channel.deadline(clause.timeoutMs) });
  const messages = readMessages(call);
  call.on("error", () => undefined);
  call.on("status", (end: StatusObject) => {
    if (end.code === status.OK) messages.end();
    else messages.fail(fromStatus(end));
  });
  const onAbort = (): void => {
    messages.fail(new AppError("cancelled"));
    call.cancel();
  };
  signal.addEventListener("abort", onAbort, { once: true });
  call.write({ session_id: sessionId, text, is_final: true, sequence_number: 1 });
  call.end();
  const frames: Int16Array[] = [];
  try {
    for await (const raw of messages) {
      const frame = parseWith(VoiceFrameFromWire, raw);
      if (!frame.ok) throw lost(`it sent a bad frame: ${frame.issues}`);
      // The mark of the end may come without audio; what follows it is not part of the clause.
      if (!isEndMark(raw)) frames.push(frame.value.pcm);
      if (frame.value.isFinal) break;
      if (frames.length > MAX_CLAUSE_FRAMES) throw lost("it does not come to an end");
    }
  } catch (error) {
    if (signal.aborted) throw new AppError("cancelled");
    throw error instanceof AppError && error.code === "worker-lost" ? error : lost(String(error), error);
  } finally {
    signal.removeEventListener("abort", onAbort);
    // Never the STOP command, which would mute the model for all sessions.
    call.cancel();
  }
  if (signal.aborted) throw new AppError("cancelled");
  if (frames.length === 0) throw lost("it sent no audio");
  const samples = new Int16Array(frames.length * VOICE_FRAME_SAMPLES);
  for (const [index, frame] of frames.entries()) samples.set(frame, index * VOICE_FRAME_SAMPLES);
  return samples;
}

function isEndMark(raw: unknown): boolean {
  return (raw as { audio_data: Uint8Array }).audio_data.length === 0;
}

function lost(detail: string, cause?: unknown): AppError {
  return new AppError("worker-lost", { detail, cause });
}
