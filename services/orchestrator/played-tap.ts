import type { AudioFrame } from "#contracts/protocol/audio-frame";
import type { ServerMessage } from "#contracts/protocol/server-message";
import { dbToGain } from "#contracts/units";
import type { PlayedReference } from "#core/echo/played-reference";
import type { ClientSink } from "./client-sink";

export interface PlayedTapDeps {
  sink: ClientSink;
  played: PlayedReference;
  /** Microphone received so far, 16 kHz. */
  micSamples(): number;
}

/** Tells the echo reference what goes to the client's speaker, and how loud, on its way there. */
export class PlayedTap implements ClientSink {
  readonly #deps: PlayedTapDeps;

  constructor(deps: PlayedTapDeps) {
    this.#deps = deps;
  }

  send(message: ServerMessage): void {
    const { played, micSamples, sink } = this.#deps;
    if (message.type === "flush") played.flushed(message.fromSample, micSamples());
    if (message.type === "duck") played.setGain(dbToGain(Math.min(0, message.gainDb)), micSamples());
    if (message.type === "unduck") played.setGain(1, micSamples());
    sink.send(message);
  }

  sendAudio(frame: AudioFrame): void {
    this.#deps.played.frameSent(frame, this.#deps.micSamples());
    this.#deps.sink.sendAudio(frame);
  }
}
