import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { VOICE_FRAME_SAMPLES } from "#contracts/units";
import { FramePacer } from "#core/audio/frame-pacer";
import { AsyncQueue } from "#core/lifecycle/async-queue";
import { sleep } from "#core/lifecycle/sleep";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { SpeakRequest, VoiceFrame, VoiceWord } from "#core/ports/voice-link";
import { estimateWords } from "#core/speech/estimate-words";
import { synthesizeForeign } from "./foreign-clause";
import { StartSessionReply } from "./messages";
import type { WorkerChannel } from "./worker-channel";

export interface SpeakForeignDeps {
  channel: WorkerChannel;
  clock: Clock;
  log: Logger;
  /** Longest time for one clause. */
  firstFrameTimeoutMs: number;
}

interface SpokenClause {
  samples: Int16Array;
  words: VoiceWord[];
}

/** As our own workers pace themselves; a worker of the predecessor sends a whole clause at once. */
const LEAD_MS = 400;

/**
 * A stream of Parley spoken by a worker of the predecessor, rules RG91 to RG95: one call for each clause, the next one
 * while the last one plays; paced and timed here. Throws `worker-lost` for all that it does wrong, `cancelled` after an abort.
 */
export async function* speakForeign(
  deps: SpeakForeignDeps,
  request: SpeakRequest,
): AsyncGenerator<VoiceFrame, void, undefined> {
  const { clock } = deps;
  const left = new AbortController();
  const signal = AbortSignal.any([request.signal, left.signal]);
  const clauses = new AsyncQueue<SpokenClause>({ capacity: 1 });
  const pacer = new FramePacer({ leadMs: LEAD_MS });
  const onAbort = (): void => clauses.fail(new AppError("cancelled"));
  signal.addEventListener("abort", onAbort, { once: true });
  const release = async (frame: VoiceFrame): Promise<VoiceFrame> => {
    const waitMs = pacer.waitMs(clock.nowMs());
    if (waitMs > 0) await sleep(clock, waitMs, signal);
    if (signal.aborted) throw new AppError("cancelled");
    pacer.onSent(clock.nowMs());
    return frame;
  };
  speakClauses(deps, { ...request, signal }, clauses).catch((error: unknown) => clauses.fail(error));
  let positionSamples = 0;
  try {
    for await (const { samples, words } of clauses) {
      const moved = words.map((word) => ({
        ...word,
        startSamples: word.startSamples + positionSamples,
        endSamples: word.endSamples + positionSamples,
      }));
      for (let start = 0; start < samples.length; start += VOICE_FRAME_SAMPLES) {
        const pcm = samples.subarray(start, start + VOICE_FRAME_SAMPLES);
        yield await release({ pcm, words: start === 0 ? moved : [], isFinal: false });
      }
      positionSamples += samples.length;
    }
    yield await release({ pcm: new Int16Array(VOICE_FRAME_SAMPLES), words: [], isFinal: true });
  } finally {
    left.abort();
  }
}

async function speakClauses(
  deps: SpeakForeignDeps,
  request: SpeakRequest,
  clauses: AsyncQueue<SpokenClause>,
): Promise<void> {
  const { channel, firstFrameTimeoutMs: timeoutMs } = deps;
  const { signal } = request;
  // A session of its own for each stream: one that is opened twice is never closed by such a worker.
  const sessionId = `${request.sessionId}.${request.lease.requestId}`;
  await startSession(channel, sessionId, modelFor(request));
  try {
    for await (const clause of request.clauses) {
      if (signal.aborted) return;
      if (!/[\p{L}\p{N}]/u.test(clause.text)) continue;
      const samples = await synthesizeForeign({ channel, sessionId, text: clause.text, timeoutMs, signal });
      if (!(await clauses.push({ samples, words: estimateWords(clause, samples) }))) return;
    }
    clauses.end();
  } finally {
    channel
      .unary("EndSession", { session_id: sessionId })
      .catch((error: unknown) => deps.log.debug("a foreign worker was not told of a session's end", { error }));
  }
}

async function startSession(channel: WorkerChannel, sessionId: string, modelId: string): Promise<void> {
  const lost = (detail: string, cause?: unknown): AppError => new AppError("worker-lost", { detail, cause });
  const answer = await channel
    .unary("StartSession", { session_id: sessionId, model_id: modelId, options: {} })
    .catch((error: unknown) => Promise.reject(lost("it started no session", error)));
  const reply = parseWith(StartSessionReply, answer);
  if (!reply.ok) throw lost(reply.issues);
  if (!reply.value.success) throw lost(reply.value.message.slice(0, 200));
}

/** A voice that only stands for "whatever you have" is spoken with a model that is loaded there, else with its default. */
function modelFor({ voice, lease }: SpeakRequest): string {
  const { residentVoices } = lease.worker;
  return residentVoices.includes(voice) ? voice : (residentVoices[0] ?? "");
}
