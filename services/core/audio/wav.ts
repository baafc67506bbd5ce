import { AppError } from "#contracts/errors";
import { MIC_SAMPLE_RATES_HZ } from "#contracts/protocol/client-message";

export interface MonoWav {
  sampleRateHz: (typeof MIC_SAMPLE_RATES_HZ)[number];
  pcm: Int16Array;
}

const PCM_FORMAT = 1;
const FLOAT_FORMAT = 3;
/** WAVE_FORMAT_EXTENSIBLE: the real format is in the first two bytes of the sub-format GUID. */
const EXTENSIBLE_FORMAT = 0xfffe;
/** A program that writes into a pipe (ffmpeg, sox, arecord) does not know the length, and announces about 2 or 4 GiB. */
const MIN_UNKNOWN_BYTES = 0x7ff0_0000;

/**
 * Reads a RIFF/WAVE file (Microsoft Multimedia Programming Interface 1.0) of 16-bit mono PCM at a rate a microphone may have.
 * Everything else is refused with `bad-wav` and a reason in words: stereo, other sample formats or rates, truncated, empty, no WAV.
 */
export function readMonoWav(bytes: Uint8Array): MonoWav {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.byteLength === 0) throw badWav("the file is empty");
  if (bytes.byteLength < 12 || tag(view, 0) !== "RIFF" || tag(view, 8) !== "WAVE") throw badWav("it is not a WAV file");
  let format: WavFormat | undefined;
  for (let at = 12; at + 8 <= bytes.byteLength;) {
    const id = tag(view, at);
    const length = view.getUint32(at + 4, true);
    if (id === "fmt ") format = readFormat(view, at + 8, length);
    if (id === "data") return { sampleRateHz: checkFormat(format), pcm: readSamples(bytes, at + 8, length) };
    at += 8 + length + (length % 2);
  }
  throw badWav("the file is truncated: it has no audio data");
}

interface WavFormat {
  code: number;
  channelCount: number;
  sampleRateHz: number;
  bitsPerSample: number;
}

function readFormat(view: DataView, at: number, length: number): WavFormat {
  if (length < 16 || at + length > view.byteLength) throw badWav("the file is truncated in its header");
  const code = view.getUint16(at, true);
  return {
    code: code === EXTENSIBLE_FORMAT && length >= 26 ? view.getUint16(at + 24, true) : code,
    channelCount: view.getUint16(at + 2, true),
    sampleRateHz: view.getUint32(at + 4, true),
    bitsPerSample: view.getUint16(at + 14, true),
  };
}

function checkFormat(format: WavFormat | undefined): MonoWav["sampleRateHz"] {
  if (format === undefined) throw badWav("it has no format header");
  if (format.code === FLOAT_FORMAT) throw badWav("its samples are floating point");
  if (format.code !== PCM_FORMAT) throw badWav(`its audio is compressed, format ${format.code}`);
  if (format.channelCount !== 1) throw badWav(`it has ${format.channelCount} channels`);
  if (format.bitsPerSample !== 16) throw badWav(`its samples have ${format.bitsPerSample} bits`);
  const rate = MIC_SAMPLE_RATES_HZ.find((known) => known === format.sampleRateHz);
  if (rate === undefined) throw badWav(`its sample rate is ${format.sampleRateHz} Hz`);
  return rate;
}

function readSamples(bytes: Uint8Array, at: number, announced: number): Int16Array {
  const length = announced >= MIN_UNKNOWN_BYTES ? bytes.byteLength - at : announced;
  if (at + length > bytes.byteLength)
    throw badWav(`the file is truncated: ${length} bytes of audio announced, ${bytes.byteLength - at} there`);
  if (length < 2) throw badWav("it holds no audio");
  const pcm = new Int16Array(Math.floor(length / 2));
  new Uint8Array(pcm.buffer).set(bytes.subarray(at, at + pcm.length * 2));
  return pcm;
}

/** Bytes before the samples in what `writeWav` and `wavHeader` make. */
export const WAV_HEADER_BYTES = 44;
/** The lengths in the header have 32 bits. */
export const MAX_WAV_DATA_BYTES = 0xffffffff - WAV_HEADER_BYTES;

/** Writes 16-bit PCM; `channels` of equal length, interleaved in the file. */
export function writeWav(channels: readonly Int16Array[], sampleRateHz: number): Uint8Array {
  const frameCount = channels[0]?.length ?? 0;
  const dataBytes = frameCount * channels.length * 2;
  const bytes = new Uint8Array(WAV_HEADER_BYTES + dataBytes);
  bytes.set(wavHeader({ sampleRateHz, channelCount: channels.length, dataBytes }));
  const samples = new Int16Array(bytes.buffer, WAV_HEADER_BYTES);
  channels.forEach((channel, index) => {
    for (let i = 0; i < frameCount; i++) samples[i * channels.length + index] = channel[i] ?? 0;
  });
  return bytes;
}

/** What stands before 16-bit PCM in a file. */
export function wavHeader(options: { sampleRateHz: number; channelCount: number; dataBytes: number }): Uint8Array {
  const { sampleRateHz, channelCount, dataBytes } = options;
  const blockBytes = channelCount * 2;
  const bytes = new Uint8Array(WAV_HEADER_BYTES);
  const view = new DataView(bytes.buffer);
  writeTag(view, 0, "RIFF");
  view.setUint32(4, WAV_HEADER_BYTES - 8 + dataBytes, true);
  writeTag(view, 8, "WAVEfmt ");
  view.setUint32(16, 16, true);
  view.setUint16(20, PCM_FORMAT, true);
  view.setUint16(22, channelCount, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * blockBytes, true);
  view.setUint16(32, blockBytes, true);
  view.setUint16(34, 16, true);
  writeTag(view, 36, "data");
  view.setUint32(40, dataBytes, true);
  return bytes;
}

function badWav(detail: string): AppError {
  return new AppError("bad-wav", { detail });
}

function tag(view: DataView, at: number): string {
  return String.fromCharCode(view.getUint8(at), view.getUint8(at + 1), view.getUint8(at + 2), view.getUint8(at + 3));
}

function writeTag(view: DataView, at: number, text: string): void {
  for (let i = 0; i < text.length; i++) view.setUint8(at + i, text.charCodeAt(i));
}
