import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import type { Random } from "#core/ports/ids";
import { convolveSparse, createSparseTail } from "../room/sparse-tail";

/** Air and head take the treble: one pole. */
const CUTOFF_HZ = 3_200;
/** The direct sound against the room's answer: behind the critical distance. */
const DIRECT_GAIN = 0.4;

/** Speech as it comes from the other side of a room: dull, and with more of the room than of the voice. 16 kHz. */
export function hearFromAfar(samples: Float32Array, random: Random): Float32Array {
  const dull = lowPass(samples);
  const tail = createSparseTail({ tailMs: 250 + 250 * random(), sampleRateHz: EARS_SAMPLE_RATE_HZ }, random);
  const padded = new Float32Array(dull.length + tail.lengthSamples);
  padded.set(dull);
  const room = convolveSparse(padded, tail);
  return padded.map((sample, at) => DIRECT_GAIN * sample + (room[at] ?? 0));
}

function lowPass(samples: Float32Array): Float32Array {
  const share = 1 - Math.exp((-2 * Math.PI * CUTOFF_HZ) / EARS_SAMPLE_RATE_HZ);
  let last = 0;
  return samples.map((sample) => (last += share * (sample - last)));
}
