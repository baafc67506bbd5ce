import { z } from "zod";

/** What the first thread prepares and the others share: the compiled program exists once. */
export const FliteShared = z.object({
  /** A WebAssembly module. */
  module: z.unknown(),
  constantsEndBytes: z.number().int().min(0),
});
export type FliteShared = z.infer<typeof FliteShared>;

/** What a flite thread is started with. */
export interface FliteThreadData {
  /** Path of flite.wasm. */
  wasmPath: string;
  /** Absent for the first thread, which makes it. */
  shared: FliteShared | undefined;
  /** Voices to speak once before the first request, so that their code is compiled. */
  warmUpVoices: readonly string[];
}

export const FliteThreadRequest = z.object({
  jobId: z.number().int(),
  voice: z.string(),
  /** Plain words and punctuation. */
  text: z.string(),
  /** Words whose phones the answer shall list. */
  unknownWords: z.array(z.string()),
});
export type FliteThreadRequest = z.infer<typeof FliteThreadRequest>;

const phone = z.object({ name: z.string(), endMs: z.number() });

export const FliteThreadReply = z.discriminatedUnion("type", [
  z.object({ type: z.literal("ready"), shared: FliteShared }),
  z.object({
    type: z.literal("spoken"),
    jobId: z.number().int(),
    pcm: z.custom<Int16Array>((value) => value instanceof Int16Array, "an Int16Array"),
    sampleRateHz: z.number().int().positive(),
    phones: z.array(phone),
    /** Word and its phones, for those of `unknownWords` that could be told. */
    learned: z.array(z.tuple([z.string(), z.array(z.string())])),
  }),
  z.object({ type: z.literal("failed"), jobId: z.number().int(), reason: z.string() }),
]);
export type FliteThreadReply = z.infer<typeof FliteThreadReply>;
