import { expect, it } from "vitest";
import { rms } from "../audio/pcm";
import { createSeededRandom } from "../random/seeded-random";
import { EchoFilter } from "./echo-filter";
import { RoomTrial } from "./room-trial";

const BLOCK_SAMPLES = 512;
const OPTIONS = { blockSamples: BLOCK_SAMPLES, partitionCount: 4 };
const random = createSeededRandom(1, "room trial");
const noise = (blockCount: number): Float32Array =>
  Float32Array.from({ length: blockCount * BLOCK_SAMPLES }, () => 0.1 * (2 * random() - 1));
const blockOf = (samples: Float32Array, block: number): Float32Array =>
  samples.slice(block * BLOCK_SAMPLES, (block + 1) * BLOCK_SAMPLES);
/** One echo. */
const roomOf =
  (delaySamples: number) =>
  (played: Float32Array): Float32Array =>
    played.map((_, i) => 0.6 * (played[i - delaySamples] ?? 0));

function addTo(sum: Float32Array, more: Float32Array, gain: number): void {
  for (const [i, sample] of more.entries()) sum[i] = (sum[i] ?? 0) + gain * sample;
}

/** A filter learns a room for 100 blocks; then another is there, and somebody speaks. The block in which a better one is found. */
function blockOfWin(rooms: { first: number; then: number; userGain: number }): number | undefined {
  const played = noise(200);
  const [first, then] = [roomOf(rooms.first)(played), roomOf(rooms.then)(played)];
  const user = noise(200);
  const filter = new EchoFilter(OPTIONS);
  const trial = new RoomTrial(OPTIONS);
  for (let block = 1; block < 200; block++) {
    const isThen = block >= 100;
    const microphone = blockOf(isThen ? then : first, block);
    if (isThen) addTo(microphone, blockOf(user, block), rooms.userGain);
    const reference = played.slice((block - 1) * BLOCK_SAMPLES, (block + 1) * BLOCK_SAMPLES);
    const { rest } = filter.process(reference, microphone, { isLearning: true, isDated: true });
    const heard = { reference, microphone, isDated: true, rest: rms(rest), nearRatio: isThen ? 0.9 : 0.1 };
    if (trial.observe(filter, heard) !== undefined) return block - 100;
  }
  return undefined;
}

it("[E17] another room is learned anew beside the one in use, and taken within a second", () => {
  expect(blockOfWin({ first: 100, then: 900, userGain: 0 })).toBeLessThan(32);
});

it.each([0.5, 1, 4])("[E17] somebody who speaks, %f times as loud as the agent, is no other room", (userGain) => {
  expect(blockOfWin({ first: 100, then: 100, userGain })).toBeUndefined();
});
