import { assertNever } from "#core/lifecycle/assert-never";
import { pcmToFloat } from "#core/audio/pcm";
import { PausablePlayback } from "./pausable-playback";
import { PLAYBACK_PROCESSOR, type PlaybackCommand } from "./worklet-messages";

declare const sampleRate: number;

/** 40 ms: below the 50 ms within which the position must be known, whatever the block size. */
const REPORT_INTERVAL_MS = 40;
/** Long enough for any output latency to pass after the last sample, so that the listener's position is reported to the end. */
const REPORT_TAIL_MS = 1000;

/** The page's only player: everything that is heard goes through its jitter buffer. */
class PlaybackProcessor extends AudioWorkletProcessor {
  readonly #playback = new PausablePlayback({ sampleRateHz: sampleRate });
  #unreportedSamples = 0;

  constructor() {
    super();
    this.port.onmessage = ({ data }: MessageEvent<PlaybackCommand>) => this.#obey(data);
  }

  process(_inputs: Float32Array[][], outputs: Float32Array[][]): boolean {
    const out = outputs[0]?.[0];
    if (out === undefined) return true;
    this.#playback.pullInto(out);
    this.#unreportedSamples += out.length;
    const hasChanged = this.#playback.takeChange();
    const isDue =
      this.#unreportedSamples >= msToOwnSamples(REPORT_INTERVAL_MS) &&
      this.#playback.report.silentSamples < msToOwnSamples(REPORT_TAIL_MS);
    if (hasChanged || isDue) this.#report();
    return true;
  }

  #obey(command: PlaybackCommand): void {
    switch (command.type) {
      case "frame":
        return this.#playback.push({
          sampleIndex: command.sampleIndex,
          samples: pcmToFloat(command.pcm),
          isLast: command.isLast,
        });
      case "flush":
        return this.#playback.flushFrom(command.fromSample);
      case "duck":
        return this.#playback.duck(command.gainDb);
      case "unduck":
        return this.#playback.unduck();
      case "pause":
        return this.#playback.pause(command.rewindSamples);
      case "resume":
        return this.#playback.resume();
      default:
        return assertNever(command);
    }
  }

  #report(): void {
    this.#unreportedSamples = 0;
    this.port.postMessage(this.#playback.report);
  }
}

function msToOwnSamples(durationMs: number): number {
  return (durationMs * sampleRate) / 1000;
}

registerProcessor(PLAYBACK_PROCESSOR, PlaybackProcessor);
