/** Samples that wait to be played, with their place on the agent's sample clock. */
export interface PlayoutSegment {
  startSample: number;
  samples: Float32Array;
  /** Nothing of this turn follows. */
  isLast: boolean;
}

export interface QueueHead {
  /** Samples that follow each other without a gap, up to the end of the turn. */
  samples: number;
  hasLast: boolean;
}

/** Segments in the order of the sample clock, none overlapping another; the first copy of a sample wins. */
export class PlayoutQueue {
  readonly #segments: PlayoutSegment[] = [];
  #samples = 0;

  get samples(): number {
    return this.#samples;
  }

  get head(): PlayoutSegment | undefined {
    return this.#segments[0];
  }

  /** Where the queue ends on the sample clock; undefined while it is empty. */
  get endSample(): number | undefined {
    const last = this.#segments.at(-1);
    return last === undefined ? undefined : endOf(last);
  }

  /** Adds what is not there yet and returns how many samples that was. */
  insert(segment: PlayoutSegment): number {
    const last = this.#segments.at(-1);
    if (last === undefined || segment.startSample >= endOf(last)) {
      this.#segments.push(segment);
      this.#samples += segment.samples.length;
      return segment.samples.length;
    }
    return this.#fillHoles(segment);
  }

  /** Removes up to `out.length - at` samples of the head into `out` from `at` on; returns how many. */
  takeInto(out: Float32Array, at: number): { count: number; endedTurn: boolean } {
    const head = this.#segments[0];
    if (head === undefined) return { count: 0, endedTurn: false };
    const count = Math.min(out.length - at, head.samples.length);
    out.set(head.samples.subarray(0, count), at);
    this.#samples -= count;
    if (count < head.samples.length) {
      head.samples = head.samples.subarray(count);
      head.startSample += count;
      return { count, endedTurn: false };
    }
    this.#segments.shift();
    return { count, endedTurn: head.isLast };
  }

  /** How much can be played without a gap. */
  contiguousHead(): QueueHead {
    let samples = 0;
    let next = this.#segments[0]?.startSample;
    for (const segment of this.#segments) {
      if (segment.startSample !== next) break;
      samples += segment.samples.length;
      if (segment.isLast) return { samples, hasLast: true };
      next = endOf(segment);
    }
    return { samples, hasLast: false };
  }

  /** Throws away everything from `fromSample` on; what remains ends there. */
  truncate(fromSample: number): void {
    for (
      let last = this.#segments.at(-1);
      last !== undefined && endOf(last) > fromSample;
      last = this.#segments.at(-1)
    ) {
      const kept = Math.max(0, fromSample - last.startSample);
      this.#samples -= last.samples.length - kept;
      if (kept === 0) this.#segments.pop();
      else last.samples = last.samples.subarray(0, kept);
    }
    const last = this.#segments.at(-1);
    if (last !== undefined) last.isLast = true;
  }

  /** Lets the last `fadeSamples` of the queue fall to silence along a raised cosine. */
  fadeOutEnd(fadeSamples: number): void {
    const length = Math.min(fadeSamples, this.#samples);
    let fromEnd = 0;
    for (let i = this.#segments.length - 1; i >= 0 && fromEnd < length; i--) {
      const segment = this.#segments[i];
      if (segment === undefined) return;
      const samples = segment.samples.slice();
      for (let at = samples.length - 1; at >= 0 && fromEnd < length; at--, fromEnd++) {
        samples[at] = (samples[at] ?? 0) * 0.5 * (1 - Math.cos((Math.PI * fromEnd) / length));
      }
      segment.samples = samples;
    }
  }

  /** Marks the turn as complete at `endSample`; false when no queued segment ends there. */
  markLast(endSample: number): boolean {
    const segment = this.#segments.find((candidate) => endOf(candidate) === endSample);
    if (segment === undefined) return false;
    segment.isLast = true;
    return true;
  }

  #fillHoles(segment: PlayoutSegment): number {
    const end = endOf(segment);
    let from = segment.startSample;
    let added = 0;
    for (let i = 0; i <= this.#segments.length && from < end; i++) {
      const next = this.#segments[i];
      const until = Math.min(end, next?.startSample ?? end);
      if (until > from) {
        const samples = segment.samples.subarray(from - segment.startSample, until - segment.startSample);
        this.#segments.splice(i, 0, { startSample: from, samples, isLast: segment.isLast && until === end });
        added += samples.length;
        from = until;
      } else if (next !== undefined) {
        from = Math.max(from, endOf(next));
      }
    }
    this.#samples += added;
    return added;
  }
}

function endOf(segment: PlayoutSegment): number {
  return segment.startSample + segment.samples.length;
}
