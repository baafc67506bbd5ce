/**
 * Binary audio frame of `parley.v1`, little-endian:
 *
 * | offset | type | field |
 * |---|---|---|
 * | 0 | u8 | kind: 1 = mic (client to orchestrator), 2 = agent (orchestrator to client) |
 * | 1 | u8 | flags: bit 0 = last frame of the turn |
 * | 2 | u16 | reserved, 0 |
 * | 4 | u32 | turn: number of the agent turn; 0 for mic frames |
 * | 8 | u32 | sequence: grows by one with each frame of its kind |
 * | 12 | u64 | sampleIndex: position of the first sample on the stream's own clock |
 * | 20 | i16[] | PCM samples, mono |
 */
export const FRAME_HEADER_BYTES = 20;

export type AudioFrameKind = "mic" | "agent";

export interface AudioFrame {
  kind: AudioFrameKind;
  turn: number;
  sequence: number;
  /** Samples since the start of the session, in the rate of this direction; integer below 2^53. */
  sampleIndex: number;
  isLast: boolean;
  pcm: Int16Array;
}

const KIND_CODES = { mic: 1, agent: 2 } as const;

export function encodeAudioFrame(frame: AudioFrame): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(FRAME_HEADER_BYTES + frame.pcm.length * 2);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, KIND_CODES[frame.kind]);
  view.setUint8(1, frame.isLast ? 1 : 0);
  view.setUint32(4, frame.turn, true);
  view.setUint32(8, frame.sequence >>> 0, true);
  view.setBigUint64(12, BigInt(frame.sampleIndex), true);
  new Int16Array(bytes.buffer, FRAME_HEADER_BYTES).set(frame.pcm);
  return bytes;
}

/** Returns undefined when the header or the length is wrong. Copies the samples, so the input may be reused. */
export function decodeAudioFrame(bytes: Uint8Array): AudioFrame | undefined {
  if (bytes.byteLength < FRAME_HEADER_BYTES || (bytes.byteLength - FRAME_HEADER_BYTES) % 2 !== 0) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const code = view.getUint8(0);
  if (code !== KIND_CODES.mic && code !== KIND_CODES.agent) return undefined;
  const sampleIndex = view.getBigUint64(12, true);
  if (sampleIndex > BigInt(Number.MAX_SAFE_INTEGER)) return undefined;
  const pcm = new Int16Array((bytes.byteLength - FRAME_HEADER_BYTES) / 2);
  new Uint8Array(pcm.buffer).set(bytes.subarray(FRAME_HEADER_BYTES));
  return {
    kind: code === KIND_CODES.mic ? "mic" : "agent",
    isLast: (view.getUint8(1) & 1) === 1,
    turn: view.getUint32(4, true),
    sequence: view.getUint32(8, true),
    sampleIndex: Number(sampleIndex),
    pcm,
  };
}
