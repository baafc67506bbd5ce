import { EARS_SAMPLE_RATE_HZ, msToSamples, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Disposable } from "../lifecycle/disposable";
import type { ResamplerFactory, StreamResampler } from "../ports/resampler";
import { pcmToFloat } from "../audio/pcm";

const RATIO = VOICE_SAMPLE_RATE_HZ / EARS_SAMPLE_RATE_HZ;
/** 2 s at 16 kHz, 128 KiB. More, up to 16 s, only for who sends far ahead of the speaker. */
const FIRST_RING_SAMPLES = 2 ** 15;
const MAX_RING_SAMPLES = 2 ** 18;
/** A window waits for 1 s at most, and what was played 0.4 s before it is read once more. */
const HISTORY_SAMPLES = msToSamples(1_400, EARS_SAMPLE_RATE_HZ);
/** A report that is this far from where the speaker was expected means that it stood still meanwhile. */
const MAX_SLIP_SAMPLES = msToSamples(40, EARS_SAMPLE_RATE_HZ);
/** From the first frame sent to its first sample played, until a session has shown its own. */
const FIRST_START_DELAY_SAMPLES = msToSamples(60, EARS_SAMPLE_RATE_HZ);
/** What a client plays before it has read a flush. */
const FLUSH_DELAY_SAMPLES = msToSamples(40, EARS_SAMPLE_RATE_HZ);
/** The echo of older runs has died away. */
const MAX_RUNS = 3;
const MAX_GAIN_STEPS = 16;
const KERNEL_TAPS = 8;

/** One stretch of uninterrupted playing. All on the agent's clock at 16 kHz but the offset. */
interface Run {
  /** Agent's clock less the microphone's. */
  offsetSamples: number;
  startSample: number;
  endSample: number;
  /** A report has confirmed the offset. */
  isReported: boolean;
}

/**
 * What the client's speaker plays, on the microphone's clock (16 kHz). Keeps what was sent and places it by the playout
 * reports: they come in the same stream as the microphone, so the count of mic samples received so far dates them,
 * within 20 ms.
 */
export class PlayedReference implements Disposable {
  readonly #resamplers: ResamplerFactory;
  /** What is sent ahead of the speaker, and what it has played lately; its length is a power of two. */
  #ring = new Float32Array(FIRST_RING_SAMPLES);
  #resampler: StreamResampler | undefined;
  /** The next sample of the ring; the voice's next sample at 48 kHz. */
  #endSample = 0;
  #nextVoiceSample = -1;
  #runs: Run[] = [];
  #startDelaySamples = FIRST_START_DELAY_SAMPLES;
  #sentAtMicSample = 0;
  #reportedSample = 0;
  #gainSteps: { fromSample: number; gain: number }[] = [];
  #startCount = 0;
  #moveCount = 0;

  constructor(resamplers: ResamplerFactory) {
    this.#resamplers = resamplers;
  }

  /** Grows whenever the speaker starts anew, so that its place is not certain. */
  get startCount(): number {
    return this.#startCount;
  }

  /** Grows whenever a report shows that what plays stands at another place than was thought. */
  get moveCount(): number {
    return this.#moveCount;
  }

  /** A report has told where what plays stands. */
  get isDated(): boolean {
    return this.#runs.at(-1)?.isReported ?? false;
  }

  /** A frame went to the client. `micSample`: microphone received so far, 16 kHz. */
  frameSent(frame: { sampleIndex: number; pcm: Int16Array; isLast: boolean }, micSample: number): void {
    if (frame.sampleIndex !== this.#nextVoiceSample || this.#resampler === undefined) this.#startAt(frame.sampleIndex);
    this.#expectRun(Math.round(frame.sampleIndex / RATIO), micSample);
    this.#append(this.#resampler?.process(pcmToFloat(frame.pcm)));
    this.#nextVoiceSample = frame.sampleIndex + frame.pcm.length;
    if (frame.isLast) this.#finishResampler();
    const run = this.#runs.at(-1);
    if (run !== undefined) run.endSample = Math.round(this.#nextVoiceSample / RATIO);
  }

  /** The client said where its speaker is, 48 kHz. */
  reported(positionSamples: number, micSample: number): void {
    const position = positionSamples / RATIO;
    if (position <= this.#reportedSample) return;
    const previous = this.#reportedSample;
    this.#reportedSample = position;
    const run = this.#runs.at(-1);
    if (run === undefined || position <= run.startSample) return;
    const offsetSamples = Math.round(position - micSample);
    if (!run.isReported) this.#confirm(run, offsetSamples);
    else if (Math.abs(offsetSamples - run.offsetSamples) > MAX_SLIP_SAMPLES)
      this.#resume(run, { offsetSamples, fromSample: previous });
  }

  /** The client is to throw away what it has not played from here on, 48 kHz. */
  flushed(fromSample: number, micSample: number): void {
    const run = this.#runs.at(-1);
    if (run === undefined) return;
    const playedUntil = micSample + run.offsetSamples + FLUSH_DELAY_SAMPLES;
    run.endSample = Math.min(run.endSample, Math.max(fromSample / RATIO, playedUntil));
    this.#resampler?.dispose();
    this.#resampler = undefined;
    this.#gainSteps = [];
  }

  /** The client's volume changes, from what plays now on. */
  setGain(gain: number, micSample: number): void {
    const run = this.#runs.at(-1);
    const fromSample = run === undefined ? this.#endSample : Math.max(run.startSample, micSample + run.offsetSamples);
    this.#gainSteps = [...this.#gainSteps, { fromSample, gain }].slice(-MAX_GAIN_STEPS);
  }

  /**
   * What the speaker played while the microphone took these samples; zeros where it was silent. `fromSample` on the
   * microphone's clock, may lie between two samples. Returns whether there was any sound.
   */
  read(fromSample: number, out: Float32Array): boolean {
    out.fill(0);
    const whole = Math.floor(fromSample);
    const kernel = interpolationKernel(fromSample - whole);
    let isSounding = false;
    for (const run of this.#runs) {
      const first = Math.max(0, run.startSample - run.offsetSamples - whole);
      const end = Math.min(out.length, run.endSample - run.offsetSamples - whole);
      for (let i = first; i < end; i++) {
        const sample = this.#interpolate(whole + i + run.offsetSamples, kernel);
        out[i] = sample;
        isSounding ||= sample !== 0;
      }
    }
    return isSounding;
  }

  dispose(): void {
    this.#resampler?.dispose();
    this.#resampler = undefined;
  }

  #startAt(voiceSample: number): void {
    this.#resampler?.dispose();
    this.#resampler = this.#resamplers.create({ fromHz: VOICE_SAMPLE_RATE_HZ, toHz: EARS_SAMPLE_RATE_HZ });
    this.#endSample = Math.round(voiceSample / RATIO);
  }

  /** The first frame after a silence begins a run; where it will stand is taken from the runs before. */
  #expectRun(startSample: number, micSample: number): void {
    const last = this.#runs.at(-1);
    const isGoingOn =
      last !== undefined && last.endSample >= startSample && micSample + last.offsetSamples < startSample;
    if (isGoingOn) return;
    this.#sentAtMicSample = micSample;
    const offsetSamples = startSample - (micSample + this.#startDelaySamples);
    this.#addRun({ offsetSamples, startSample, endSample: startSample, isReported: false });
  }

  #confirm(run: Run, offsetSamples: number): void {
    run.isReported = true;
    const startedAt = run.startSample - offsetSamples;
    this.#startDelaySamples = Math.max(0, startedAt - this.#sentAtMicSample);
    // A report says 20 ms more or less: what is nearly right stays, so that the room's answer keeps its place.
    if (Math.abs(offsetSamples - run.offsetSamples) <= MAX_SLIP_SAMPLES / 2) return;
    run.offsetSamples = offsetSamples;
    this.#moveCount++;
  }

  /** The speaker stood still: what comes after the last report plays later than it was thought. */
  #resume(run: Run, at: { offsetSamples: number; fromSample: number }): void {
    const startSample = Math.round(at.fromSample);
    const { endSample } = run;
    run.endSample = Math.min(endSample, startSample);
    this.#moveCount++;
    this.#addRun({ offsetSamples: at.offsetSamples, startSample, endSample, isReported: true });
  }

  #addRun(run: Run): void {
    this.#runs = [...this.#runs, run].slice(-MAX_RUNS);
    this.#startCount++;
  }

  #append(samples: Float32Array = new Float32Array(0)): void {
    const { length } = samples;
    const playedSample = Math.max(this.#reportedSample, this.#runs.at(-1)?.startSample ?? 0);
    this.#makeRoom(this.#endSample + length - playedSample + HISTORY_SAMPLES);
    const mask = this.#ring.length - 1;
    for (let i = 0; i < length; i++) this.#ring[this.#endSample++ & mask] = samples[i] ?? 0;
    // Between two samples at the very end, a few behind it count too: silence, not what was there a round ago.
    for (let tap = 0; tap < KERNEL_TAPS; tap++) this.#ring[(this.#endSample + tap) & mask] = 0;
  }

  #makeRoom(neededSamples: number): void {
    const old = this.#ring;
    if (neededSamples <= old.length || old.length >= MAX_RING_SAMPLES) return;
    this.#ring = new Float32Array(2 * old.length);
    const mask = this.#ring.length - 1;
    for (let at = Math.max(0, this.#endSample - old.length); at < this.#endSample; at++)
      this.#ring[at & mask] = old[at & (old.length - 1)] ?? 0;
  }

  #finishResampler(): void {
    this.#append(this.#resampler?.flush());
    this.#resampler?.dispose();
    this.#resampler = undefined;
  }

  #interpolate(at: number, kernel: Float32Array): number {
    const mask = this.#ring.length - 1;
    let sum = 0;
    for (let tap = 0; tap < KERNEL_TAPS; tap++)
      sum += (this.#ring[(at + tap - KERNEL_TAPS / 2 + 1) & mask] ?? 0) * (kernel[tap] ?? 0);
    return sum * this.#gainAt(at);
  }

  #gainAt(sample: number): number {
    let gain = 1;
    for (const step of this.#gainSteps) if (step.fromSample <= sample) gain = step.gain;
    return gain;
  }
}

/** Windowed sinc for a place `fraction` behind the fourth of eight samples. */
function interpolationKernel(fraction: number): Float32Array {
  return Float32Array.from({ length: KERNEL_TAPS }, (_, tap) => {
    const x = Math.PI * (fraction - (tap - KERNEL_TAPS / 2 + 1));
    const sinc = Math.abs(x) < 1e-6 ? 1 : Math.sin(x) / x;
    return sinc * (0.5 + 0.5 * Math.cos(x / (KERNEL_TAPS / 2 + 0.5)));
  });
}
