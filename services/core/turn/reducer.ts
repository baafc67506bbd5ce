import { assertNever } from "../lifecycle/assert-never";
import { reduceResponding } from "./reduce-responding";
import { QUIET_USER, type TurnConfig, type TurnEffect, type TurnEvent, type TurnModel, type TurnState } from "./state";
import { beginEndpointing, end, joinTexts, respond, stay, to, type In, type TurnStep } from "./turn-step";

export type { TurnStep };

type Endpointing = TurnState & { type: "endpointing" };

/** [TT5] What may be speech is known to be by then. */
export const LONGEST_SUSPICION_MS = 128;

/**
 * Turn-taking as a pure function: the next state and what is to be done.
 * The rules are numbered in docs/specs/turn-taking.md.
 */
export function reduceTurn(model: TurnModel, event: TurnEvent, config: TurnConfig): TurnStep {
  const step = reduceByState(model, event, config);
  if (step.model.state.type !== model.state.type) {
    step.effects.push({ type: "state-changed", state: step.model.state.type });
  }
  return step;
}

function reduceByState(model: TurnModel, event: TurnEvent, config: TurnConfig): TurnStep {
  const { state } = model;
  if (state.type === "ended") return stay(model); // [TT2]
  if (event.type === "end") return end(model); // [TT2]
  switch (state.type) {
    case "listening":
      return reduceListening({ model, state }, event);
    case "interrupted":
      return reduceInterrupted({ model, state }, event);
    case "endpointing":
      return reduceEndpointing(model, state, event);
    case "responding":
      return reduceResponding({ model, state }, event, config);
    case "draining":
      return event.type === "agent-finished" && event.turn === state.turn
        ? end({ ...model, state: { type: "listening", user: QUIET_USER } })
        : stay(model); // [TT18]
    default:
      return assertNever(state);
  }
}

function reduceListening({ model, state }: In<"listening">, event: TurnEvent): TurnStep {
  switch (event.type) {
    case "user-speech-start": // [TT3]
      return to(model, { ...state, user: { ...state.user, isSpeaking: true } }, [{ type: "listen" }]);
    case "user-speech-end":
      return state.user.isSpeaking ? beginEndpointing(model, state.user, event) : stay(model); // [TT4]
    case "text-input": // [TT8]
      return respond(model, { text: event.text, speechEndAtMs: undefined }, [{ type: "forget-utterance" }]);
    case "drain":
      return end(model); // [TT18]
    default:
      return stay(model);
  }
}

function reduceInterrupted({ model, state }: In<"interrupted">, event: TurnEvent): TurnStep {
  switch (event.type) {
    case "user-speech-end":
      return beginEndpointing(model, state.user, event); // [TT4]
    case "text-input":
      return respond(model, { text: event.text, speechEndAtMs: undefined }, [{ type: "forget-utterance" }]); // [TT8]
    case "drain":
      return end(model);
    default:
      return stay(model);
  }
}

function reduceEndpointing(model: TurnModel, state: Endpointing, event: TurnEvent): TurnStep {
  const cancelTimer: TurnEffect = { type: "cancel-timer", timer: "endpoint-delay-over" };
  const cancel: TurnEffect[] = [cancelTimer, { type: "discard-prepared-turn" }]; // [TT33]
  switch (event.type) {
    case "user-speech-start": // [TT5]
      return to(model, { type: "listening", user: { ...state.user, isSpeaking: true } }, [
        ...cancel,
        { type: "listen" },
      ]);
    case "final-transcript": // [TT6] [TT7]
      if (event.revision !== model.transcriptRevision) return stay(model);
      return acceptTranscript(model, state, event);
    case "user-speech-suspected": // [TT5]
      return state.resumption === "none" ? to(model, { ...state, resumption: "suspected" }, []) : stay(model);
    case "user-speech-unconfirmed":
      if (state.resumption === "awaited") return endUserTurn(model, state, [cancelTimer]);
      return to(model, { ...state, resumption: "none" }, []);
    case "endpoint-delay-over":
      return endpointDelayOver(model, state);
    case "text-input": // [TT8]
      return respond(model, { text: event.text, speechEndAtMs: undefined }, [...cancel, { type: "forget-utterance" }]);
    case "drain":
      return end(model);
    default:
      return stay(model);
  }
}

/** [TT6] the delay runs from now on, less the silence that has been; [TT32] the answer is prepared meanwhile. */
function acceptTranscript(
  model: TurnModel,
  state: Endpointing,
  transcript: TurnEvent & { type: "final-transcript" },
): TurnStep {
  const effects: TurnEffect[] = [
    {
      type: "start-timer",
      timer: "endpoint-delay-over",
      delayMs: Math.max(0, transcript.endpointDelayMs - transcript.silenceMs),
    },
  ];
  const userText = joinTexts(state.user.carriedText, transcript.text);
  if (transcript.isWorthPreparing && userText !== "") {
    const { speechEndAtMs } = state;
    effects.push({ type: "prepare-agent-turn", turn: model.turnCount + 1, userText, speechEndAtMs });
  }
  return to(model, { ...state, finalText: transcript.text }, effects);
}

/** [TT6], unless the user may just be going on [TT5]. */
function endpointDelayOver(model: TurnModel, state: Endpointing): TurnStep {
  if (state.finalText === undefined) return stay(model);
  if (state.resumption !== "suspected") return endUserTurn(model, state, []);
  const wait: TurnEffect = { type: "start-timer", timer: "endpoint-delay-over", delayMs: LONGEST_SUSPICION_MS };
  return to(model, { ...state, resumption: "awaited" }, [wait]);
}

/** [TT6]; [TT9] no words, no turn. */
function endUserTurn(model: TurnModel, state: Endpointing, before: TurnEffect[]): TurnStep {
  const text = joinTexts(state.user.carriedText, state.finalText ?? "");
  const effects: TurnEffect[] = [...before, { type: "forget-utterance" }];
  if (text === "") return to(model, { type: "listening", user: QUIET_USER }, effects);
  return respond(model, { text, speechEndAtMs: state.speechEndAtMs }, effects);
}
