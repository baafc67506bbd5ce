import { status, type ClientDuplexStream, type StatusObject } from "@grpc/grpc-js";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { VOICE_FRAME_MS } from "#contracts/units";
import type { AsyncQueue } from "#core/lifecycle/async-queue";
import type { Clock } from "#core/ports/clock";
import type { SpeakRequest, VoiceFrame } from "#core/ports/voice-link";
import { readMessages } from "./message-source";
import { FrameNumber, VoiceFrameFromWire } from "./messages";
import type { WorkerChannel } from "./worker-channel";

export interface SpeakCallDeps {
  channel: WorkerChannel;
  clock: Clock;
  /** Longest wait for the first frame after the first text. */
  firstFrameTimeoutMs: number;
}

/** No answer of an agent lasts longer. */
const STREAM_LIMIT_MS = 30 * 60_000;

type Call = ClientDuplexStream<object, unknown>;

/** Speech is no longer than this for its text: 0.5 s a letter covers spelled numbers, 10 s every pause. */
const LONGEST_MS = 10_000;
const LONGEST_MS_PER_LETTER = 500;
/** A worker that has sent its last frame ends the call by itself; after this long it is ended here. */
const END_TIMEOUT_MS = 1_000;

/** What was sent, to tell a worker that does not end from one that has much to say. */
interface SentText {
  letterCount: number;
}

async function sendClauses(
  call: Call,
  request: SpeakRequest,
  { sent, onFirstText }: { sent: SentText; onFirstText: () => void },
): Promise<void> {
  let sequence = 0;
  for await (const clause of request.clauses) {
    if (request.signal.aborted || call.destroyed) return;
    sent.letterCount += clause.text.length;
    call.write({
      session_id: request.sessionId,
      text: clause.text,
      is_final: false,
      sequence_number: ++sequence,
      text_offset: clause.offset,
      model_id: request.voice,
    });
    if (sequence === 1) onFirstText();
  }
  // A stream without any text still names its session.
  if (sequence === 0)
    call.write({
      session_id: request.sessionId,
      text: "",
      is_final: true,
      sequence_number: 1,
      model_id: request.voice,
    });
  call.end();
}

function watchEnd(call: Call, messages: AsyncQueue<unknown>, channel: WorkerChannel): void {
  // The status, which always comes last, says the same; without a listener an error would end the process.
  call.on("error", () => undefined);
  call.on("status", (end: StatusObject) => {
    if (end.code === status.OK) messages.end();
    else void channel.explain(end).then((error) => messages.fail(error));
  });
}

/** gRPC keeps the order, so a number out of turn is the worker's fault, and its sound is not to be trusted. */
function checkPlace(raw: unknown, expected: number): void {
  const number = parseWith(FrameNumber, raw);
  const isInPlace = number.ok && (number.value.sequence_number === 0 || number.value.sequence_number === expected);
  if (!isInPlace) throw new AppError("worker-refused", { detail: "its frames come in the wrong order" });
}

/** One Synthesize call as the orchestrator sees it. See `VoiceLink.speak` for what it throws. */
export async function* speakOnce(
  deps: SpeakCallDeps,
  request: SpeakRequest,
): AsyncGenerator<VoiceFrame, void, undefined> {
  const { channel, clock } = deps;
  const { signal } = request;
  const call = channel.client.Synthesize(channel.metadata(request.lease.fencingToken), {
    deadline: channel.deadline(STREAM_LIMIT_MS),
  });
  const messages = readMessages(call);
  watchEnd(call, messages, channel);
  const cancel = (error: AppError): void => {
    messages.fail(error);
    call.cancel();
  };
  const onAbort = (): void => cancel(new AppError("cancelled"));
  signal.addEventListener("abort", onAbort, { once: true });
  if (signal.aborted) onAbort();
  const firstFrame = { timer: { dispose: (): void => undefined } };
  const sent: SentText = { letterCount: 0 };
  const onFirstText = (): void => {
    firstFrame.timer = clock.setTimer(deps.firstFrameTimeoutMs, () =>
      cancel(new AppError("worker-lost", { detail: "it sent no audio" })),
    );
  };
  sendClauses(call, request, { sent, onFirstText }).catch((error: unknown) =>
    cancel(error instanceof AppError ? error : new AppError("internal", { cause: error })),
  );
  let isComplete = false;
  let frameCount = 0;
  try {
    for await (const raw of messages) {
      if (signal.aborted) throw new AppError("cancelled");
      firstFrame.timer.dispose();
      channel.noteAnswer();
      const frame = parseWith(VoiceFrameFromWire, raw);
      if (!frame.ok) throw new AppError("worker-refused", { detail: frame.issues });
      frameCount += 1;
      checkPlace(raw, frameCount);
      if (frameCount * VOICE_FRAME_MS > LONGEST_MS + sent.letterCount * LONGEST_MS_PER_LETTER)
        throw new AppError("worker-refused", { detail: "it speaks on after the end of the text" });
      isComplete = frame.value.isFinal;
      yield frame.value;
      if (isComplete) return;
    }
    throw new AppError("worker-lost", { detail: "it ended before the last frame" });
  } finally {
    firstFrame.timer.dispose();
    signal.removeEventListener("abort", onAbort);
    if (isComplete) clock.setTimer(END_TIMEOUT_MS, () => call.cancel());
    else call.cancel();
  }
}
