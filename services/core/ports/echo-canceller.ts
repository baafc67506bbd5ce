import type { SampleWindow } from "../audio/window-splitter";
import type { Disposable } from "../lifecycle/disposable";

/** 32 ms at 16 kHz, the window of the voice activity model. */
export const ECHO_WINDOW_SAMPLES = 512;

/** What the client's speaker plays, on the microphone's clock, 16 kHz. */
export interface PlayedSound {
  /** Grows whenever the speaker starts anew, so that its place is not certain. */
  readonly startCount: number;
  /** Grows whenever a report shows that what plays stands at another place than was thought. */
  readonly moveCount: number;
  /** A report has told where what plays stands. */
  readonly isDated: boolean;
  /** Fills `out` from this sample on, which may lie between two; zeros where it was silent. Returns whether there was any sound. */
  read(fromSample: number, out: Float32Array): boolean;
}

export interface CleanedWindow {
  /** 16 kHz, without the echo. */
  samples: Float32Array;
  /** Of the window of the microphone that it is. */
  endSample: number;
  /** That what is left is still our own voice, 0 to 1. undefined while nothing is played. */
  echoLikelihood: number | undefined;
  /** Levels, for the one who judges how strong the echo is; undefined while nothing is played. */
  levels: EchoLevels | undefined;
}

/** RMS of one window, amplitude in [0, 1], unless said otherwise. */
export interface EchoLevels {
  played: number;
  microphone: number;
  /** After the canceller. */
  rest: number;
  /** As it was foreseen. */
  echo: number;
  /** Share of the foreseen echo's power that usually stays. */
  leakRatio: number;
}

/**
 * Takes the agent's own voice out of one microphone, window by window, and says of each how likely it is that what is
 * left is still that voice.
 */
export interface EchoCanceller extends Disposable {
  /**
   * Windows of `ECHO_WINDOW_SAMPLES`, in order; none after `dispose`. Returns as many, in the same order; some of them later, and
   * several at once then, while it is not known where in the microphone the echo stands.
   */
  process(window: SampleWindow): CleanedWindow[];
}

export interface EchoCancellerFactory {
  create(played: PlayedSound): EchoCanceller;
}
