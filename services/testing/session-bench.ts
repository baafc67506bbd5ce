import { encodeAudioFrame, decodeAudioFrame, type AudioFrame } from "#contracts/protocol/audio-frame";
import type { ClientMessage } from "#contracts/protocol/client-message";
import type { ServerMessage } from "#contracts/protocol/server-message";
import type { ClientConnection } from "#core/ports/client-connection";
import type { FakeClock } from "./fake-clock";

const STEP_MS = 20;
const MIC_RATE_HZ = 16_000;
const LOUD = 6_000;

export type MessageOf<Type extends ServerMessage["type"]> = Extract<ServerMessage, { type: Type }>;

/** Lets every promise that can settle do so. */
export async function settle(): Promise<void> {
  for (let i = 0; i < 6; i++) await new Promise<void>((resolve) => setImmediate(resolve));
}

/** "jumping": the sample index of every fifth frame is a second ahead. */
export type MicFault = "twice" | "not at all" | "late" | "jumping";

/**
 * A client in the hand of a test: a microphone that is loud or silent, a speaker that plays in real time of the
 * fake clock and reports, and everything that came down.
 */
export class TestClient implements ClientConnection {
  readonly protocol: string | undefined;
  readonly messages: ServerMessage[] = [];
  readonly frames: AudioFrame[] = [];
  /** Frames that the speaker has begun to play, and when. */
  readonly played: { sampleIndex: number; atMs: number }[] = [];
  /** Raw text that is no ServerMessage, for other protocols. */
  readonly texts: string[] = [];
  bufferedBytes = 0;
  closed: { code: number; reason: string } | undefined;
  isReporting = true;
  readonly #clock: FakeClock;
  #micFault: MicFault | undefined;
  #lateMic: Uint8Array[] = [];
  #messageListeners: ((data: string | Uint8Array) => void)[] = [];
  #closeListeners: (() => void)[] = [];
  #sequence = 0;
  #queue: AudioFrame[] = [];
  /** A frame of 20 ms takes one step to play. */
  #playing: AudioFrame | undefined;

  constructor(clock: FakeClock, protocol: string | undefined = "parley.v1") {
    this.#clock = clock;
    this.protocol = protocol;
  }

  send(data: string | Uint8Array): void {
    if (typeof data === "string") {
      this.texts.push(data);
      const message = JSON.parse(data) as ServerMessage;
      this.messages.push(message);
      if (message.type === "flush") this.#queue = this.#queue.filter((frame) => frame.sampleIndex < message.fromSample);
      return;
    }
    const frame = decodeAudioFrame(data);
    if (frame === undefined) throw new Error("a frame that cannot be read");
    this.frames.push(frame);
    this.#queue.push(frame);
  }

  close(code: number, reason: string): void {
    this.closed = { code, reason };
    this.drop();
  }

  onMessage(listener: (data: string | Uint8Array) => void): void {
    this.#messageListeners.push(listener);
  }

  onClose(listener: () => void): void {
    this.#closeListeners.push(listener);
  }

  /** The connection breaks. */
  drop(): void {
    const listeners = this.#closeListeners;
    this.#closeListeners = [];
    for (const listener of listeners) listener();
  }

  say(message: ClientMessage): void {
    this.sendRaw(JSON.stringify(message));
  }

  sendRaw(data: string | Uint8Array): void {
    for (const listener of this.#messageListeners) listener(data);
  }

  start(extra: { token?: string; voice?: string; resume?: { sessionId: string; resumeToken: string } } = {}): void {
    this.say({ type: "session-start", audio: { sampleRateHz: MIC_RATE_HZ }, ...extra });
  }

  /** Time passes with a loud or silent microphone and a playing speaker. */
  async pass(durationMs: number, mic: "loud" | "silent" | "off" = "silent"): Promise<void> {
    for (let passedMs = 0; passedMs < durationMs; passedMs += STEP_MS) {
      if (mic !== "off" && this.closed === undefined) this.#sendMic(mic === "loud");
      await settle();
      this.#clock.advanceMs(STEP_MS);
      await settle();
      this.#play();
    }
  }

  /** From now on every fifth mic frame comes twice, is lost, or comes together with the four before it. */
  distortMic(fault: MicFault): void {
    this.#micFault = fault;
  }

  of<Type extends ServerMessage["type"]>(type: Type): MessageOf<Type>[] {
    return this.messages.filter((message): message is MessageOf<Type> => message.type === type);
  }

  last<Type extends ServerMessage["type"]>(type: Type): MessageOf<Type> {
    const message = this.of(type).at(-1);
    if (message === undefined)
      throw new Error(`no ${type} came; there were: ${this.messages.map((other) => other.type).join(", ")}`);
    return message;
  }

  #sendMic(isLoud: boolean): void {
    const pcm = new Int16Array((MIC_RATE_HZ * STEP_MS) / 1000);
    if (isLoud) pcm.forEach((_, i) => (pcm[i] = i % 16 < 8 ? LOUD : -LOUD));
    const sequence = this.#sequence++;
    const isAhead = this.#micFault === "jumping" && sequence % 5 === 0;
    const sampleIndex = sequence * pcm.length + (isAhead ? MIC_RATE_HZ : 0);
    this.#sendMicFrame(encodeAudioFrame({ kind: "mic", turn: 0, sequence, sampleIndex, isLast: false, pcm }));
  }

  #sendMicFrame(frame: Uint8Array): void {
    const isFifth = this.#sequence % 5 === 0;
    if (this.#micFault === "late") {
      this.#lateMic.push(frame);
      if (isFifth) for (const late of this.#lateMic.splice(0)) this.sendRaw(late);
      return;
    }
    if (!(this.#micFault === "not at all" && isFifth)) this.sendRaw(frame);
    if (this.#micFault === "twice" && isFifth) this.sendRaw(frame);
  }

  #play(): void {
    const played = this.#playing;
    this.#playing = this.#queue.shift();
    if (this.#playing !== undefined)
      this.played.push({ sampleIndex: this.#playing.sampleIndex, atMs: this.#clock.nowMs() });
    if (played === undefined || !this.isReporting || this.closed !== undefined) return;
    this.say({ type: "playout", positionSamples: played.sampleIndex + played.pcm.length });
  }
}
