import { Tensor } from "onnxruntime-node";
import { AppError } from "#contracts/errors";

/**
 * Keys and values of the attention layers, by the decoder's input name; shape [1, heads, positions, width].
 * The `encoder` ones depend on the audio alone, the `decoder` ones grow by one position with each token.
 */
export type DecoderCache = ReadonlyMap<string, Tensor>;

export type ModelOutputs = Readonly<Record<string, Tensor>>;

const LAYERS = 6;
const HEADS = 8;
const HEAD_WIDTH = 36;

const NAMES = Array.from({ length: LAYERS }, (_, layer) => layer).flatMap((layer) =>
  ["decoder.key", "decoder.value", "encoder.key", "encoder.value"].map((part) => `past_key_values.${layer}.${part}`),
);

/** For the first call, which fills all of it. */
export function emptyCache(): DecoderCache {
  return new Map(NAMES.map((name) => [name, new Tensor("float32", new Float32Array(0), [1, HEADS, 0, HEAD_WIDTH])]));
}

/** After the first call: all it computed, but only the first `positions` tokens of it. */
export function cacheOfPrefix(outputs: ModelOutputs, positions: number): DecoderCache {
  return new Map(
    NAMES.map((name) => {
      const present = presentOf(outputs, name);
      return [name, isOfAudio(name) ? present : cropPositions(present, positions)];
    }),
  );
}

/** After a call for one more token; such a call returns only dummies for the part that depends on the audio. */
export function cacheAfterToken(cache: DecoderCache, outputs: ModelOutputs): DecoderCache {
  return new Map([...cache].map(([name, past]) => [name, isOfAudio(name) ? past : presentOf(outputs, name)]));
}

function isOfAudio(name: string): boolean {
  return name.includes(".encoder.");
}

function presentOf(outputs: ModelOutputs, name: string): Tensor {
  const present = outputs[name.replace("past_key_values", "present")];
  if (present === undefined) throw new AppError("internal", { detail: `the decoder gave no ${name}` });
  return present;
}

function cropPositions(tensor: Tensor, positions: number): Tensor {
  const [, heads = 0, available = 0, width = 0] = tensor.dims;
  if (available === positions || !(tensor.data instanceof Float32Array)) return tensor;
  const cropped = new Float32Array(heads * positions * width);
  for (let head = 0; head < heads; head++) {
    const from = head * available * width;
    cropped.set(tensor.data.subarray(from, from + positions * width), head * positions * width);
  }
  return new Tensor("float32", cropped, [1, heads, positions, width]);
}
