import { describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors";
import { readMonoWav, writeWav } from "./wav";

const samples = Int16Array.from({ length: 160 }, (_, i) => i * 100);
const good = writeWav([samples], 16_000);

function patched(patch: (view: DataView) => void): Uint8Array {
  const bytes = good.slice();
  patch(new DataView(bytes.buffer));
  return bytes;
}

function refusal(bytes: Uint8Array): AppError {
  try {
    readMonoWav(bytes);
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error("was accepted");
}

describe("readMonoWav", () => {
  it.each([16_000, 44_100, 48_000])("reads what writeWav wrote at %i Hz", (sampleRateHz) => {
    const wav = readMonoWav(writeWav([samples], sampleRateHz));
    expect(wav.sampleRateHz).toBe(sampleRateHz);
    expect(wav.pcm).toEqual(samples);
  });

  it("skips chunks that it does not know", () => {
    const list = new Uint8Array([..."LIST"].map((letter) => letter.charCodeAt(0)).concat([3, 0, 0, 0, 1, 2, 3, 0]));
    const bytes = new Uint8Array([...good.subarray(0, 36), ...list, ...good.subarray(36)]);
    expect(readMonoWav(bytes).pcm).toEqual(samples);
  });

  it("reads the extensible header of a 16-bit PCM file", () => {
    const extensible = new Uint8Array(good.length + 24);
    extensible.set(good.subarray(0, 36));
    extensible.set(good.subarray(36), 60);
    const view = new DataView(extensible.buffer);
    view.setUint32(16, 40, true);
    view.setUint16(20, 0xfffe, true);
    view.setUint16(44, 1, true);
    expect(readMonoWav(extensible).pcm).toEqual(samples);
  });

  it.each([
    ["empty", new Uint8Array(0), /empty/],
    ["text", new TextEncoder().encode("this is a plain text file"), /not a WAV/],
    ["stereo", writeWav([samples, samples], 16_000), /2 channels/],
    ["8-bit", patched((view) => view.setUint16(34, 8, true)), /8 bits/],
    ["24-bit", patched((view) => view.setUint16(34, 24, true)), /24 bits/],
    ["float", patched((view) => view.setUint16(20, 3, true)), /floating point/],
    ["compressed", patched((view) => view.setUint16(20, 2, true)), /compressed/],
    ["96 kHz", patched((view) => view.setUint32(24, 96_000, true)), /96000 Hz/],
    ["truncated in the audio", good.subarray(0, 100), /truncated/],
    ["truncated in the header", good.subarray(0, 30), /truncated/],
    ["without audio", writeWav([new Int16Array(0)], 16_000), /no audio/],
  ])("refuses a file that is %s, and says why", (_name, bytes, reason) => {
    const error = refusal(bytes);
    expect(error.code).toBe("bad-wav");
    expect(error.message).toMatch(reason);
  });

  it.each([0xffff_ffff, 0x7fff_f000])(
    "takes all that is there where %i bytes are announced, as into a pipe",
    (length) => {
      const bytes = patched((view) => view.setUint32(40, length, true));
      expect(readMonoWav(bytes)).toEqual(readMonoWav(good));
    },
  );
});
