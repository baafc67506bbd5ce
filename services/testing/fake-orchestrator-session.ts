import { DUPLEX_WORDS, type DuplexMode } from "#contracts/protocol/duplex";
import type { WebSocket } from "ws";
import type { ErrorCode } from "#contracts/errors";
import { encodeAudioFrame, type AudioFrame } from "#contracts/protocol/audio-frame";
import type { ClientMessage, SessionStart } from "#contracts/protocol/client-message";
import type { AgentTurnEndReason, ServerMessage, TurnMetrics, WordTiming } from "#contracts/protocol/server-message";
import { VOICE_FRAME_MS, VOICE_FRAME_SAMPLES, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { pcmToFloat, rms } from "#core/audio/pcm";
import type { z } from "zod";

/** What the fake hears and says, whatever the microphone really brings. */
export interface FakeScript {
  userTranscript: string;
  reply: string;
  banner?: string;
  brainLabel?: string;
  /** What the echo at this client is said to allow. */
  duplex?: DuplexMode;
  /** Refuses every session with this code. */
  refuseWith?: ErrorCode;
}

const SPEECH_RMS = 0.01;
const SPEECH_START_MS = 100;
const SPEECH_END_MS = 500;
const BARGE_IN_MS = 250;
const WORD_SAMPLES = VOICE_SAMPLE_RATE_HZ * 0.3;
const LEAD_MS = 400;

interface FakeTurn {
  number: number;
  text: string;
  words: WordTiming[];
  startSample: number;
  endSample: number;
  sentSamples: number;
  startedAtMs: number;
  isTyped: boolean;
}

/** What each stage of a scripted answer is said to have taken; as on a machine with two cores. */
const STAGES_MS = {
  brainFirstTokenMs: 12,
  firstClauseMs: 14,
  leaseMs: 6,
  workerFirstFrameMs: 96,
  firstFrameSentMs: 97,
  playoutStartMs: 171,
};
const ENDPOINT_MS = 420;
const FINAL_TRANSCRIPT_MS = 310;

/** One scripted conversation. Keeps real time: the client under test does too. */
export class FakeSession {
  readonly id: string;
  readonly #script: FakeScript;
  #socket: WebSocket | undefined;
  #voice = "slt";
  #micRateHz = 48_000;
  #loudMs = 0;
  #quietMs = 0;
  #isUserSpeaking = false;
  #turn: FakeTurn | undefined;
  #turnCount = 0;
  #sequence = 0;
  #nextSample = 0;
  #positionSamples = 0;
  #pacer: NodeJS.Timeout | undefined;

  constructor(id: string, script: FakeScript) {
    this.id = id;
    this.#script = script;
  }

  attach(socket: WebSocket, start: z.infer<typeof SessionStart>): void {
    this.#socket = socket;
    this.#voice = start.voice ?? this.#voice;
    this.#micRateHz = start.audio.sampleRateHz;
    this.#send({
      type: "session-started",
      sessionId: this.id,
      resumeToken: `resume-${this.id}`,
      isResumed: start.resume !== undefined,
      protocolVersion: 1,
      agentAudio: { sampleRateHz: VOICE_SAMPLE_RATE_HZ, frameSamples: VOICE_FRAME_SAMPLES },
      voice: this.#voice,
      voices: ["slt", "awb", "rms", "kal16"],
      brain: { kind: "builtin", label: this.#script.brainLabel ?? "Scripted replies (test)" },
      banner: this.#script.banner,
    });
    this.#send({ type: "state", state: this.#turn === undefined ? "listening" : "responding" });
    const { duplex } = this.#script;
    if (duplex !== undefined) this.#send({ type: "duplex", mode: duplex, ...DUPLEX_WORDS[duplex] });
  }

  detach(socket: WebSocket): void {
    if (this.#socket === socket) this.#socket = undefined;
  }

  end(): void {
    clearInterval(this.#pacer);
  }

  hear(frame: AudioFrame): void {
    const frameMs = (frame.pcm.length * 1000) / this.#micRateHz;
    const isLoud = rms(pcmToFloat(frame.pcm)) > SPEECH_RMS;
    this.#loudMs = isLoud ? this.#loudMs + frameMs : 0;
    this.#quietMs = isLoud ? 0 : this.#quietMs + frameMs;
    if (!this.#isUserSpeaking && this.#loudMs >= SPEECH_START_MS) this.#startSpeech(frame.sampleIndex);
    else if (this.#isUserSpeaking && this.#loudMs >= BARGE_IN_MS && this.#turn !== undefined) this.#cut("interrupted");
    else if (this.#isUserSpeaking && this.#quietMs >= SPEECH_END_MS) this.#endSpeech(frame.sampleIndex);
  }

  handle(message: Exclude<ClientMessage, { type: "session-start" }>): void {
    if (message.type === "playout") this.#played(message.positionSamples);
    else if (message.type === "interrupt") this.#cut("interrupted");
    else if (message.type === "settings") this.#voice = message.voice ?? this.#voice;
    else if (message.type === "bye") this.end();
    else {
      this.#cut("interrupted");
      this.#send({ type: "user-transcript-end", text: message.text });
      this.#answer({ isTyped: true });
    }
  }

  #startSpeech(micSample: number): void {
    this.#isUserSpeaking = true;
    this.#send({ type: "user-speech-start", micSample });
    if (this.#turn !== undefined) this.#send({ type: "duck", gainDb: -12 });
    const words = this.#script.userTranscript.split(" ");
    this.#send({ type: "user-transcript-delta", text: words.slice(0, Math.ceil(words.length / 2)).join(" ") });
  }

  #endSpeech(micSample: number): void {
    this.#isUserSpeaking = false;
    this.#send({ type: "user-speech-end", micSample });
    this.#send({ type: "state", state: "endpointing" });
    this.#send({ type: "user-transcript-end", text: this.#script.userTranscript });
    this.#answer({ isTyped: false });
  }

  #answer({ isTyped }: { isTyped: boolean }): void {
    const words = wordsOf(this.#script.reply, this.#nextSample);
    const turn: FakeTurn = {
      number: ++this.#turnCount,
      text: this.#script.reply,
      words,
      startSample: this.#nextSample,
      endSample: this.#nextSample + words.length * WORD_SAMPLES,
      sentSamples: 0,
      startedAtMs: performance.now(),
      isTyped,
    };
    this.#turn = turn;
    this.#nextSample = turn.endSample;
    this.#send({ type: "state", state: "responding" });
    this.#send({ type: "agent-turn-start", turn: turn.number });
    for (const delta of turn.text.match(/\S+\s*/g) ?? [])
      this.#send({ type: "agent-text-delta", turn: turn.number, text: delta });
    this.#send({ type: "agent-word-timings", turn: turn.number, words });
    this.#pacer = setInterval(() => this.#sendDueFrames(turn), VOICE_FRAME_MS);
  }

  #sendDueFrames(turn: FakeTurn): void {
    const dueMs = performance.now() - turn.startedAtMs + LEAD_MS;
    while (
      turn.startSample + turn.sentSamples < turn.endSample &&
      (turn.sentSamples * 1000) / VOICE_SAMPLE_RATE_HZ < dueMs
    ) {
      const sampleIndex = turn.startSample + turn.sentSamples;
      turn.sentSamples += VOICE_FRAME_SAMPLES;
      const isLast = turn.startSample + turn.sentSamples >= turn.endSample;
      this.#socket?.send(
        encodeAudioFrame({
          kind: "agent",
          turn: turn.number,
          sequence: this.#sequence++,
          sampleIndex,
          isLast,
          pcm: hum(sampleIndex),
        }),
      );
      if (isLast) clearInterval(this.#pacer);
    }
  }

  #played(positionSamples: number): void {
    this.#positionSamples = positionSamples;
    if (this.#turn !== undefined && positionSamples >= this.#turn.endSample)
      this.#endTurn(this.#turn.text.length, "completed");
  }

  #cut(reason: AgentTurnEndReason): void {
    if (this.#turn === undefined) return;
    clearInterval(this.#pacer);
    this.#send({ type: "state", state: "interrupted" });
    this.#send({ type: "flush", fromSample: this.#positionSamples });
    const heard = this.#turn.words.filter((word) => word.endSample <= this.#positionSamples);
    this.#endTurn(heard.at(-1)?.textEnd ?? 0, reason);
  }

  #endTurn(heardChars: number, reason: AgentTurnEndReason): void {
    const turn = this.#turn;
    if (turn === undefined) return;
    this.#turn = undefined;
    const { number, text } = turn;
    this.#send({
      type: "agent-turn-end",
      turn: number,
      heardText: text.slice(0, heardChars),
      unheardText: text.slice(heardChars),
      reason,
    });
    this.#send({ type: "turn-metrics", metrics: metricsOf(turn) });
    this.#send({ type: "state", state: "listening" });
  }

  #send(message: ServerMessage): void {
    this.#socket?.send(JSON.stringify(message));
  }
}

function metricsOf({ number, isTyped }: FakeTurn): TurnMetrics {
  const endpointMs = isTyped ? 0 : ENDPOINT_MS;
  const later = Object.fromEntries(Object.entries(STAGES_MS).map(([stage, ms]) => [stage, endpointMs + ms]));
  return {
    turn: number,
    endpointMs,
    ...(isTyped ? {} : { finalTranscriptMs: FINAL_TRANSCRIPT_MS }),
    ...later,
    worker: "studio-1",
  };
}

function wordsOf(text: string, startSample: number): WordTiming[] {
  return [...text.matchAll(/\S+/g)].map((match, i) => ({
    text: match[0],
    startSample: startSample + i * WORD_SAMPLES,
    endSample: startSample + (i + 1) * WORD_SAMPLES,
    textStart: match.index,
    textEnd: match.index + match[0].length,
  }));
}

/** 20 ms of a vowel-like hum with the rhythm of syllables, about −20 dBFS; continuous over `sampleIndex`. */
export function hum(sampleIndex: number): Int16Array {
  return Int16Array.from({ length: VOICE_FRAME_SAMPLES }, (_, i) => {
    const seconds = (sampleIndex + i) / VOICE_SAMPLE_RATE_HZ;
    const syllable = 0.55 - 0.45 * Math.cos(2 * Math.PI * 3.3 * seconds);
    const vowel = [1, 0.6, 0.4, 0.25].reduce(
      (sum, level, n) => sum + level * Math.sin(2 * Math.PI * 130 * (n + 1) * seconds),
      0,
    );
    return Math.round(32767 * 0.17 * syllable * vowel);
  });
}
