import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { dbToGain } from "#contracts/units";
import type { PlayedReference } from "#core/echo/played-reference";
import type { ClientSink } from "./client-sink";
import type { OwnVoice } from "./own-voice";

export interface PlayedTapDeps {
  sink: ClientSink;
  played: PlayedReference;
  ownVoice: OwnVoice;
  /** Microphone received so far, 16 kHz. */
  micSamples(): number;
  /** At which the agent speaks now [E13]. */
  gain(): number;
}

/** Tells those who look for the echo what goes to the client's speaker, and how loud, on its way there. */
export class PlayedTap implements ClientSink {
  readonly #deps: PlayedTapDeps;

  constructor(deps: PlayedTapDeps) {
    this.#deps = deps;
  }

  send(message: ServerMessage): void {
    const { played, ownVoice, micSamples, sink } = this.#deps;
    if (message.type === "flush") played.flushed(message.fromSample, micSamples());
    if (message.type === "duck") played.setGain(dbToGain(Math.min(0, message.gainDb)), micSamples());
    if (message.type === "unduck") played.setGain(1, micSamples());
    if (message.type === "agent-word-timings") ownVoice.wordsSent(message.words);
    sink.send(message);
  }

  sendAudio(frame: AudioFrame): void {
    const gain = this.#deps.gain();
    const sent = gain === 1 ? frame : { ...frame, pcm: frame.pcm.map((sample) => Math.round(sample * gain)) };
    this.#deps.sink.sendAudio(sent);
    this.#deps.played.frameSent(sent, this.#deps.micSamples());
  }
}
