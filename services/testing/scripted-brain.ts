import { AppError, type ErrorCode } from "#contracts/errors";
import { sleep } from "#core/lifecycle/sleep";
import type { Brain, BrainRequest } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";

export interface ScriptedStep {
  /** Before the step, on the injected clock. */
  delayMs?: number;
  /** Yielded; a step has this or `fail`. */
  delta?: string;
  /** Ends the answer with this error. */
  fail?: ErrorCode;
}

export interface ScriptedBrain extends Brain {
  /** All requests so far, also cancelled ones. */
  readonly requests: readonly BrainRequest[];
  /** The next requests get these answers, in order; the last one repeats. */
  script(...answers: (readonly ScriptedStep[])[]): void;
}

/** A brain that says what it was told to say, when it was told to. */
export function createScriptedBrain(options: {
  clock: Clock;
  answers?: readonly (readonly ScriptedStep[])[];
}): ScriptedBrain {
  const { clock } = options;
  const requests: BrainRequest[] = [];
  let answers = options.answers ?? [[{ delta: "Yes" }, { delta: " indeed" }, { delta: "." }]];

  async function* play(steps: readonly ScriptedStep[], signal: AbortSignal): AsyncGenerator<string, void, undefined> {
    for (const step of steps) {
      if (step.delayMs !== undefined) await sleep(clock, step.delayMs, signal);
      if (signal.aborted) throw new AppError("cancelled");
      if (step.fail !== undefined) throw new AppError(step.fail);
      if (step.delta !== undefined) yield step.delta;
    }
  }

  return {
    info: { kind: "builtin", label: "Scripted" },
    requests,
    script: (...next) => void (answers = next),
    respond(request) {
      requests.push(request);
      const [steps = [], ...rest] = answers;
      if (rest.length > 0) answers = rest;
      return play(steps, request.signal);
    },
  };
}
