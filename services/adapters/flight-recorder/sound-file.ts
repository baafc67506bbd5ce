import { open, type FileHandle } from "node:fs/promises";
import { MAX_WAV_DATA_BYTES, WAV_HEADER_BYTES, wavHeader } from "#core/audio/wav";

interface PendingSound {
  startSample: number;
  parts: Int16Array[];
  endSample: number;
}

/** A mono 16-bit WAV file that grows. Gaps take no room on disk; the header is right after each flush. */
export class SoundFile {
  readonly #path: string;
  readonly #sampleRateHz: number;
  #file: FileHandle | undefined;
  #pending: PendingSound[] = [];
  #pendingBytes = 0;
  #dataBytes = 0;

  constructor(path: string, sampleRateHz: number) {
    this.#path = path;
    this.#sampleRateHz = sampleRateHz;
  }

  /** Makes the file, for this user alone; before `flush`. */
  async create(): Promise<void> {
    this.#file = await open(this.#path, "wx", 0o600);
    await this.#writeHeader();
  }

  /** Waiting to be written. */
  get pendingBytes(): number {
    return this.#pendingBytes;
  }

  add(startSample: number, pcm: Int16Array): void {
    const last = this.#pending.at(-1);
    if (last?.endSample === startSample) {
      last.parts.push(pcm);
      last.endSample += pcm.length;
    } else this.#pending.push({ startSample, parts: [pcm], endSample: startSample + pcm.length });
    this.#pendingBytes += pcm.byteLength;
  }

  async flush(): Promise<void> {
    const pending = this.#pending;
    this.#pending = [];
    this.#pendingBytes = 0;
    if (pending.length === 0) return;
    for (const { startSample, parts, endSample } of pending) {
      await this.#writeAt(startSample * 2, Buffer.concat(parts.map(toBytes)));
      this.#dataBytes = Math.max(this.#dataBytes, endSample * 2);
    }
    await this.#writeHeader();
  }

  /** Gives the file this length, with silence at its end, and closes it. */
  async finish(durationMs: number): Promise<void> {
    await this.flush();
    const wanted = Math.floor((durationMs * this.#sampleRateHz) / 1000) * 2;
    this.#dataBytes = Math.min(MAX_WAV_DATA_BYTES, Math.max(this.#dataBytes, wanted));
    await this.#file?.truncate(WAV_HEADER_BYTES + this.#dataBytes);
    await this.#writeHeader();
    await this.close();
  }

  async close(): Promise<void> {
    await this.#file?.close();
    this.#file = undefined;
  }

  async #writeAt(dataOffset: number, bytes: Buffer): Promise<void> {
    if (dataOffset + bytes.length > MAX_WAV_DATA_BYTES) throw new RangeError("a WAV file can hold no more");
    await this.#file?.write(bytes, 0, bytes.length, WAV_HEADER_BYTES + dataOffset);
  }

  async #writeHeader(): Promise<void> {
    const header = wavHeader({ sampleRateHz: this.#sampleRateHz, channelCount: 1, dataBytes: this.#dataBytes });
    await this.#file?.write(header, 0, header.length, 0);
  }
}

function toBytes(pcm: Int16Array): Uint8Array {
  return new Uint8Array(pcm.buffer, pcm.byteOffset, pcm.byteLength);
}
