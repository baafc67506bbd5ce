import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduceTurn } from "./reducer";
import { createTurnModel, type TurnConfig, type TurnEvent } from "./state";

const config: TurnConfig = { minInterruptionMs: 240 };

const anyEvent: fc.Arbitrary<TurnEvent> = fc.oneof(
  fc.constant<TurnEvent>({ type: "user-speech-suspected" }),
  fc.constant<TurnEvent>({ type: "user-speech-unconfirmed" }),
  fc.constant<TurnEvent>({ type: "user-speech-start" }),
  fc.constant<TurnEvent>({ type: "user-speech-end", speechEndAtMs: 5_000 }),
  fc.record({ type: fc.constant("overlap-doubted" as const), isDoubtful: fc.boolean() }),
  fc.record({
    type: fc.constant("overlap-judged" as const),
    verdict: fc.constantFrom("interruption" as const, "backchannel" as const, "side-talk" as const),
    isCommand: fc.boolean(),
  }),
  fc.record({
    type: fc.constant("final-transcript" as const),
    revision: fc.integer({ min: 1, max: 4 }),
    text: fc.constantFrom("", "Yes."),
    endpointDelayMs: fc.integer({ min: 200, max: 1_500 }),
    silenceMs: fc.integer({ min: 0, max: 3_000 }),
    isWorthPreparing: fc.boolean(),
  }),
  fc.constant<TurnEvent>({ type: "endpoint-delay-over" }),
  fc.constant<TurnEvent>({ type: "user-speech-continues", speechMs: 240 }),
  fc.constant<TurnEvent>({ type: "text-input", text: "Typed." }),
  fc.constant<TurnEvent>({ type: "stop-requested" }),
  fc.record({ type: fc.constant("agent-audible" as const), turn: fc.integer({ min: 1, max: 4 }) }),
  fc.record({ type: fc.constant("agent-heard" as const), turn: fc.integer({ min: 1, max: 4 }) }),
  fc.record({
    type: fc.constant("agent-finished" as const),
    turn: fc.integer({ min: 1, max: 4 }),
    reason: fc.constant("completed" as const),
  }),
  fc.constant<TurnEvent>({ type: "drain" }),
);

describe("whatever happens", () => {
  it("[TT1] the same events give the same model, and no input is changed", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), (events) => {
        let model = createTurnModel();
        for (const event of events) {
          const before = JSON.stringify(model);
          const step = reduceTurn(model, event, config);
          expect(JSON.stringify(model)).toBe(before);
          expect(reduceTurn(model, event, config)).toEqual(step);
          model = step.model;
        }
      }),
    );
  });

  it("[TT2] end leads to ended from every state, and ended answers nothing", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 40 }), anyEvent, (events, after) => {
        let model = createTurnModel();
        for (const event of [...events, { type: "end" } as const]) ({ model } = reduceTurn(model, event, config));
        expect(model.state.type).toBe("ended");
        expect(reduceTurn(model, after, config).effects).toEqual([]);
      }),
    );
  });

  it("[TT8] [TT13] at most one agent turn is running, and each one started is stopped or finished first", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let model = createTurnModel();
        let running: number | undefined;
        for (const event of events) {
          const step = reduceTurn(model, event, config);
          if (event.type === "agent-finished" && event.turn === running) running = undefined;
          for (const effect of step.effects) {
            if (effect.type === "stop-agent-turn") {
              expect(effect.turn).toBe(running);
              running = undefined;
            }
            if (effect.type === "start-agent-turn") {
              expect(running).toBeUndefined();
              running = effect.turn;
            }
          }
          model = step.model;
        }
      }),
    );
  });

  it("[TT11] [TT12] every duck is undone by an unduck or by the end of the turn", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let model = createTurnModel();
        let isDucked = false;
        for (const event of events) {
          const step = reduceTurn(model, event, config);
          for (const effect of step.effects) {
            if (effect.type === "duck") isDucked = true;
            if (effect.type === "unduck" || effect.type === "stop-agent-turn") isDucked = false;
          }
          model = step.model;
          if (model.state.type === "listening" || model.state.type === "endpointing") expect(isDucked).toBe(false);
        }
      }),
    );
  });

  it("[TT49] a silenced agent goes on or is stopped, before anybody else has the turn", () => {
    fc.assert(
      fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
        let model = createTurnModel();
        let isHeld = false;
        for (const event of events) {
          const step = reduceTurn(model, event, config);
          for (const effect of step.effects) {
            if (effect.type === "hold-agent") isHeld = true;
            if (effect.type === "resume-agent" || effect.type === "stop-agent-turn") isHeld = false;
          }
          model = step.model;
          const isHoldable = model.state.type === "responding" && model.state.overlap?.stage === "held";
          expect(isHeld).toBe(isHoldable);
        }
      }),
    );
  });
});
