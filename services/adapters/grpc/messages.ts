import { z } from "zod";
import { VOICE_FRAME_MS, VOICE_FRAME_SAMPLES, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { VoiceFrame, VoiceWord } from "#core/ports/voice-link";

const id = z.string().max(256);
/** Bounded by the size of a message anyway; a text this long is cut by the worker. */
const text = z.string().max(1_000_000);

export const StartSessionRequest = z.object({
  session_id: id,
  model_id: z.string().max(256),
  options: z.record(z.string(), z.string()).default({}),
});
export const SessionRequest = z.object({ session_id: id });
export const ControlRequest = z.object({
  session_id: id,
  command: z.union([z.enum(["PAUSE", "RESUME", "STOP", "RELOAD"]), z.number()]),
});
export const ModelRequest = z.object({ model_id: z.string().max(256) });
export const EmptyRequest = z.object({});

export const TextChunk = z.object({
  session_id: id.default(""),
  text: text.default(""),
  text_offset: z.number().int().min(0).default(0),
  model_id: z.string().max(256).default(""),
});
export type TextChunk = z.infer<typeof TextChunk>;

export const StartSessionReply = z.object({ success: z.boolean(), message: z.string() });
export const ListModelsReply = z.object({
  models: z
    .array(
      z.object({
        model_id: z.string(),
        family: z.string(),
        is_loaded: z.boolean(),
        languages: z.array(z.string()).default([]),
      }),
    )
    .default([]),
});

export const CapabilitiesReply = z.object({
  capabilities: z.object({ languages: z.array(z.string()).default([]) }),
  resident_models: z.array(z.string()).default([]),
  metrics: z.record(z.string(), z.number()).default({}),
});

const FRAME_BYTES = VOICE_FRAME_SAMPLES * 2;

const AudioFrame = z.object({
  audio_data: z.custom<Uint8Array>(
    (value) => value instanceof Uint8Array && (value.length === FRAME_BYTES || value.length === 0),
    `${FRAME_BYTES} bytes or none`,
  ),
  sample_rate: z.number().refine((rate) => rate === VOICE_SAMPLE_RATE_HZ || rate === 0, "48000"),
  sequence_number: z.number().int().min(0).default(0),
  is_final: z.boolean(),
  words: z
    .array(
      z.object({
        text: z.string(),
        start_samples: z.number(),
        end_samples: z.number(),
        text_start: z.number(),
        text_end: z.number(),
      }),
    )
    .default([]),
});

/** From 1, one more with each frame; 0: this worker does not count. */
export const FrameNumber = AudioFrame.pick({ sequence_number: true });

/** A frame as it came. The end mark of older workers, without audio, becomes a silent last frame. */
export const VoiceFrameFromWire = AudioFrame.refine(
  (frame) => frame.is_final || frame.audio_data.length > 0,
  "a frame without audio must be the last",
).transform((frame): VoiceFrame => {
  const pcm = new Int16Array(VOICE_FRAME_SAMPLES);
  // Copied byte by byte, because the message's buffer need not be aligned to samples. The wire is little-endian, as every CPU that runs this.
  new Uint8Array(pcm.buffer).set(frame.audio_data);
  const words = frame.words.map((word): VoiceWord => ({
    text: word.text,
    startSamples: word.start_samples,
    endSamples: word.end_samples,
    textStart: word.text_start,
    textEnd: word.text_end,
  }));
  return { pcm, words, isFinal: frame.is_final };
});

export function frameToWire(frame: VoiceFrame, place: { sessionId: string; sequence: number }): object {
  return {
    session_id: place.sessionId,
    audio_data: Buffer.from(frame.pcm.buffer, frame.pcm.byteOffset, frame.pcm.byteLength),
    sample_rate: VOICE_SAMPLE_RATE_HZ,
    frame_duration_ms: VOICE_FRAME_MS,
    sequence_number: place.sequence,
    is_final: frame.isFinal,
    words: frame.words.map((word) => ({
      text: word.text,
      start_samples: word.startSamples,
      end_samples: word.endSamples,
      text_start: word.textStart,
      text_end: word.textEnd,
    })),
  };
}
