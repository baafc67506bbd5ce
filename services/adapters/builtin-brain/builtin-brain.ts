import { AppError } from "#contracts/errors";
import { sleep } from "#core/lifecycle/sleep";
import type { Brain, BrainRequest } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import { answer } from "./answer";

export interface BuiltinBrainOptions {
  clock: Clock;
  /** An integer; same seed, same history, same answer. Default 1. */
  seed?: number;
  /** Lets it imitate a slow language model. */
  timing?: {
    /** Default 0: at once. */
    firstTokenDelayMs?: number;
    /** A token is a word with the space before it. Default 0: without pause. */
    tokensPerSecond?: number;
  };
}

/** A brain that needs nothing: fixed skills, no language model, and it says so. Never fails. */
export function createBuiltinBrain(options: BuiltinBrainOptions): Brain {
  const { clock, seed = 1, timing = {} } = options;
  const firstTokenDelayMs = timing.firstTokenDelayMs ?? 0;
  const tokensPerSecond = timing.tokensPerSecond ?? 0;
  const tokenIntervalMs = tokensPerSecond > 0 ? 1000 / tokensPerSecond : 0;

  async function* respond({ history, signal }: BrainRequest): AsyncGenerator<string, void, undefined> {
    const tokens = answer(history, { seed, wallTime: clock.wallTime() }).match(/\s*\S+/g) ?? [];
    for (const [index, token] of tokens.entries()) {
      const delayMs = index === 0 ? firstTokenDelayMs : tokenIntervalMs;
      if (delayMs > 0) await sleep(clock, delayMs, signal);
      if (signal.aborted) throw new AppError("cancelled");
      yield token;
    }
  }

  return { info: { kind: "builtin", label: "Built-in responder (no language model)" }, respond };
}
