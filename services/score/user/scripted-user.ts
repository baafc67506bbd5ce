import { EARS_SAMPLE_RATE_HZ, samplesToMs } from "#contracts/units";
import { assertNever } from "#core/lifecycle/assert-never";
import type { Random } from "#core/ports/ids";
import { AgentView } from "./agent-view";
import type { SimulatedMicrophoneContext } from "#core/talk/simulated-microphone";
import type { OverlapMoment, OverlapPlace, ScriptStep, UserEvent, UserSound } from "./user-sound";

/** Silence after which the user takes the floor, ms. */
const GAP_MS = { shortest: 250, longest: 700 };
/** No answer comes after this long. */
const ANSWER_WAIT_MS = 5_000;
/** No turn of the agent is longer. */
const LONGEST_TURN_MS = 90_000;
/** A moment that has not come by then does not come in this turn. */
const MOMENT_WAIT_MS = 15_000;
/** Times that the agent is made to talk for one overlap. */
const MAX_PROMPTS = 3;
/** The agent talks on for so long after an interruption: it is told once more, so often. */
const INSIST_AFTER_MS = 3_000;
const MAX_INSISTENCES = 3;
/** After a sound that asks for no answer, what it does is waited for. */
const WATCH_MS = 2_500;

/** What is heard of the user in one frame; ends with the script. */
type Frames = Generator<Float32Array, void, undefined>;

export interface ScriptedUserOptions {
  steps: readonly ScriptStep[];
  /** Chance of its own for each step: what went another way in one does not change the next. */
  randomOf(step: number): Random;
  /** No step is begun after that, ms. */
  maxMs: number;
}

/** A user who follows a script and reacts to what the agent does. Deterministic for what it perceives and `randomOf`. */
export class ScriptedUser {
  /** What was said and done, in order. */
  readonly events: UserEvent[] = [];
  /** Steps that could not be done because the agent did not talk. */
  missedSteps = 0;
  readonly #options: ScriptedUserOptions;
  readonly #agent = new AgentView();
  readonly #frames: Frames;
  #random: Random;
  #atMs = 0;
  #frameSamples = 0;
  /** End of the last sound, ms. */
  #lastEndMs = 0;

  constructor(options: ScriptedUserOptions) {
    this.#options = options;
    this.#random = options.randomOf(0);
    this.#frames = this.#perform();
  }

  /** The user's own sound in the next frame, 16 kHz; undefined when the script is over. */
  next(context: SimulatedMicrophoneContext): Float32Array | undefined {
    this.#atMs = context.atMs;
    this.#frameSamples = context.frameSamples;
    this.#agent.update(context);
    const frame = this.#frames.next();
    return frame.done === true ? undefined : frame.value;
  }

  *#perform(): Frames {
    for (const [index, step] of this.#options.steps.entries()) {
      if (this.#atMs >= this.#options.maxMs) return;
      this.#random = this.#options.randomOf(index);
      yield* this.#do(step);
    }
    if (this.#atMs < this.#options.maxMs) yield* this.#untilQuiet();
  }

  *#do(step: ScriptStep): Frames {
    switch (step.type) {
      case "ask":
        yield* this.#untilQuiet();
        yield* this.#say(step.sound, undefined);
        return yield* this.#untilAnswered();
      case "overlap":
        return yield* this.#overlap(step);
      case "aside":
        yield* this.#untilQuiet();
        yield* this.#wait(500 + 500 * this.#random());
        yield* this.#say(step.sound, undefined);
        return yield* this.#wait(WATCH_MS);
      case "listen":
        return yield* this.#listen(step);
      default:
        return assertNever(step);
    }
  }

  *#overlap({ sound, moment, prompt, insistence }: ScriptStep & { type: "overlap" }): Frames {
    for (let prompts = 0; ; prompts++) {
      const needsNewTurn = moment.place === "onset" || moment.place === "last-word";
      if (needsNewTurn || this.#agent.turnSinceMs === undefined) {
        if (prompts >= MAX_PROMPTS) break;
        if (!(yield* this.#makeTalk(prompt))) continue;
      }
      if (yield* this.#untilMoment(moment)) {
        yield* this.#say(sound, moment.place);
        return sound.kind === "interruption" ? yield* this.#untilObeyed(insistence) : yield* this.#wait(0);
      }
    }
    this.missedSteps++;
  }

  *#listen({ prompt, forMs }: ScriptStep & { type: "listen" }): Frames {
    let heardMs = 0;
    for (let prompts = 0; heardMs < forMs && prompts < MAX_PROMPTS + forMs / 10_000;) {
      if (this.#agent.turnSinceMs === undefined) {
        prompts++;
        if (!(yield* this.#makeTalk(prompt))) continue;
      }
      heardMs += samplesToMs(this.#frameSamples, EARS_SAMPLE_RATE_HZ);
      yield this.#silence();
    }
  }

  /** True when the agent has begun a turn. */
  *#makeTalk(prompt: UserSound): Generator<Float32Array, boolean, undefined> {
    yield* this.#untilQuiet();
    yield* this.#say(prompt, undefined);
    return yield* this.#until(() => this.#agent.turnSinceMs !== undefined, ANSWER_WAIT_MS);
  }

  /** False when the turn ends before. */
  *#untilMoment({ place, afterMs }: OverlapMoment): Generator<Float32Array, boolean, undefined> {
    const givenUpAtMs = this.#atMs + MOMENT_WAIT_MS;
    const isIt: Record<OverlapPlace, () => boolean> = {
      "onset": () => this.#agent.isAudible,
      "mid-word": () => this.#agent.isAudible && this.#agent.unchangedMs >= 80,
      "clause-gap": () => !this.#agent.isAudible && this.#agent.unchangedMs >= 60,
      "last-word": () => this.#agent.isAtLastWord,
    };
    for (;;) {
      const { turnSinceMs } = this.#agent;
      if (turnSinceMs === undefined || this.#atMs > givenUpAtMs) return false;
      const sinceMs = place === "onset" ? 0 : Math.max(turnSinceMs, this.#lastEndMs) + afterMs;
      if (this.#atMs >= sinceMs && isIt[place]()) break;
      yield this.#silence();
    }
    if (place === "onset") yield* this.#wait(afterMs);
    return true;
  }

  *#say(sound: UserSound, place: OverlapPlace | undefined): Frames {
    // Not always at the start of a frame.
    const leadSamples = Math.floor(this.#random() * this.#frameSamples);
    const startMs = this.#atMs + samplesToMs(leadSamples, EARS_SAMPLE_RATE_HZ);
    const toMs = (sample: number): number => startMs + samplesToMs(sample, EARS_SAMPLE_RATE_HZ);
    const { samples, pauses, ...about } = sound;
    this.events.push({
      ...about,
      startMs,
      endMs: toMs(samples.length),
      pauses: pauses.map((pause) => ({ startMs: toMs(pause.startSample), endMs: toMs(pause.endSample) })),
      isOverAgent: this.#agent.turnSinceMs !== undefined,
      place,
    });
    this.#lastEndMs = toMs(samples.length);
    for (let at = -leadSamples; at < samples.length; at += this.#frameSamples) {
      const frame = this.#silence();
      frame.set(samples.subarray(Math.max(0, at), at + this.#frameSamples), Math.max(0, -at));
      yield frame;
    }
  }

  *#untilAnswered(): Frames {
    yield* this.#until(() => this.#agent.isAudible, ANSWER_WAIT_MS);
    yield* this.#untilQuiet();
  }

  /** After an interruption: the old turn ends, the answer to the interruption is heard out. */
  *#untilObeyed(insistence: UserSound): Frames {
    const interruptedTurn = this.#agent.turnSinceMs;
    for (let count = 0; count < MAX_INSISTENCES; count++) {
      const isOver = (): boolean => this.#agent.turnSinceMs !== interruptedTurn || this.#agent.isQuiet;
      if (interruptedTurn === undefined || (yield* this.#until(isOver, INSIST_AFTER_MS))) break;
      yield* this.#say(insistence, undefined);
    }
    yield* this.#wait(WATCH_MS);
    yield* this.#untilQuiet();
  }

  *#untilQuiet(): Frames {
    const { shortest, longest } = GAP_MS;
    const gapMs = shortest + (longest - shortest) * this.#random();
    yield* this.#until(() => this.#agent.isQuiet && this.#agent.silentMs >= gapMs, LONGEST_TURN_MS);
  }

  *#wait(durationMs: number): Frames {
    const endMs = this.#atMs + durationMs;
    while (this.#atMs < endMs) yield this.#silence();
  }

  /** False when it did not come true in that time. */
  *#until(isTrue: () => boolean, longestMs: number): Generator<Float32Array, boolean, undefined> {
    const endMs = this.#atMs + longestMs;
    while (!isTrue()) {
      if (this.#atMs >= endMs) return false;
      yield this.#silence();
    }
    return true;
  }

  #silence(): Float32Array {
    return new Float32Array(this.#frameSamples);
  }
}
