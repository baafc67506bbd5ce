/** Loudness by ITU-R BS.1770-4, as EBU R 128 uses it, for one channel at 48 kHz. */
const SAMPLE_RATE_HZ = 48_000;
/** Blocks of 400 ms, each beginning 100 ms after the one before. */
const STEP_SAMPLES = SAMPLE_RATE_HZ / 10;
const STEPS_PER_BLOCK = 4;
const ABSOLUTE_GATE_LUFS = -70;
const RELATIVE_GATE_LU = -10;

interface Biquad {
  b: readonly [number, number, number];
  a: readonly [number, number];
}

/** Annex 1, tables 1 and 2: the head's shelf, then the high pass. */
const K_WEIGHTING: readonly Biquad[] = [
  { b: [1.53512485958697, -2.69169618940638, 1.19839281085285], a: [-1.69065929318241, 0.73248077421585] },
  { b: [1, -2, 1], a: [-1.99004745483398, 0.99007225036621] },
];

function filter(samples: Float64Array, { b, a }: Biquad): Float64Array {
  let [x1, x2, y1, y2] = [0, 0, 0, 0];
  return samples.map((x) => {
    const y = b[0] * x + b[1] * x1 + b[2] * x2 - a[0] * y1 - a[1] * y2;
    [x2, x1, y2, y1] = [x1, x, y1, y];
    return y;
  });
}

function toLufs(power: number): number {
  return -0.691 + 10 * Math.log10(power);
}

function mean(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0) / values.length;
}

/** Integrated loudness, LUFS; samples in [-1, 1] at 48 kHz. −Infinity when nothing is above the gate or under 0.4 s. */
export function integratedLufs(samples: Float32Array): number {
  const weighted = K_WEIGHTING.reduce(filter, Float64Array.from(samples));
  const stepPowers = Array.from({ length: Math.floor(weighted.length / STEP_SAMPLES) }, (_, step) => {
    const part = weighted.subarray(step * STEP_SAMPLES, (step + 1) * STEP_SAMPLES);
    return part.reduce((total, value) => total + value * value, 0) / STEP_SAMPLES;
  });
  const blockPowers = stepPowers
    .slice(STEPS_PER_BLOCK - 1)
    .map((_, index) => mean(stepPowers.slice(index, index + STEPS_PER_BLOCK)));
  const audible = blockPowers.filter((power) => toLufs(power) > ABSOLUTE_GATE_LUFS);
  const gateLufs = toLufs(mean(audible)) + RELATIVE_GATE_LU;
  const counted = audible.filter((power) => toLufs(power) > gateLufs);
  return counted.length === 0 ? -Infinity : toLufs(mean(counted));
}
