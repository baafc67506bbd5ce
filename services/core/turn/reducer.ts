import type { AgentTurnEndReason } from "#contracts/protocol/server-message";
import { assertNever } from "../lifecycle/assert-never";
import { QUIET_USER, type TurnConfig, type TurnEffect, type TurnEvent, type TurnModel, type TurnState } from "./state";

export interface TurnStep {
  model: TurnModel;
  effects: TurnEffect[];
}

/** The model together with its state, known to be one of these. */
interface In<Type extends TurnState["type"]> {
  model: TurnModel;
  state: TurnState & { type: Type };
}

type Respond = { text: string; speechEndAtMs: number | undefined };

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
      return state.user.isSpeaking ? beginEndpointing({ model, state }, event) : stay(model); // [TT4]
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
      return beginEndpointing({ model, state }, event); // [TT4]
    case "text-input":
      return respond(model, { text: event.text, speechEndAtMs: undefined }, [{ type: "forget-utterance" }]); // [TT8]
    case "drain":
      return end(model);
    default:
      return stay(model);
  }
}

function reduceEndpointing(model: TurnModel, state: TurnState & { type: "endpointing" }, event: TurnEvent): TurnStep {
  const cancel: TurnEffect[] = [
    { type: "cancel-timer", timer: "endpoint-delay-over" },
    { type: "discard-prepared-turn" }, // [TT33]
  ];
  switch (event.type) {
    case "user-speech-start": // [TT5]
      return to(model, { type: "listening", user: { ...state.user, isSpeaking: true } }, [
        ...cancel,
        { type: "listen" },
      ]);
    case "final-transcript": // [TT6] [TT7]
      if (event.revision !== model.transcriptRevision) return stay(model);
      return acceptTranscript(model, state, event);
    case "endpoint-delay-over": // [TT6]
      return state.finalText === undefined ? stay(model) : endUserTurn(model, state, state.finalText);
    case "text-input": // [TT8]
      return respond(model, { text: event.text, speechEndAtMs: undefined }, [...cancel, { type: "forget-utterance" }]);
    case "drain":
      return end(model);
    default:
      return stay(model);
  }
}

function reduceResponding({ model, state }: In<"responding">, event: TurnEvent, config: TurnConfig): TurnStep {
  switch (event.type) {
    case "agent-audible": // [TT10]
      if (event.turn !== state.turn || state.isAudible) return stay(model);
      return to(model, { ...state, isAudible: true }, !state.isOverlapped ? [] : [{ type: "duck" }]);
    case "user-speech-start": // [TT11]
      return to(model, { ...state, isOverlapped: true }, [
        { type: "listen" },
        ...(state.isAudible ? [{ type: "duck" } as const] : []),
      ]);
    case "user-speech-end": // [TT12]
      if (!state.isOverlapped) return stay(model);
      return to(model, { ...state, isOverlapped: false }, [{ type: "forget-utterance" }, ...unduckIfDucked(state)]);
    case "user-speech-continues": // [TT13] [TT14]
      return state.isOverlapped && event.speechMs >= config.minInterruptionMs
        ? interruptByVoice(model, state)
        : stay(model);
    case "stop-requested": // [TT15]
      return stopOnRequest(model, state);
    case "text-input": // [TT8]
      return respond(model, { text: event.text, speechEndAtMs: undefined }, [
        stopAgent(state.turn, "interrupted"),
        { type: "forget-utterance" },
      ]);
    case "agent-finished": // [TT16]
      if (event.turn !== state.turn) return stay(model);
      return to(model, { type: "listening", user: { carriedText: "", isSpeaking: state.isOverlapped } }, [
        ...unduckIfDucked(state),
      ]);
    case "drain": // [TT18]
      return to(model, { type: "draining", turn: state.turn }, [
        { type: "forget-utterance" },
        ...unduckIfDucked(state),
      ]);
    default:
      return stay(model);
  }
}

/** [TT13] stops what is heard; [TT14] withdraws what is not yet heard and keeps the question for the merged answer. */
function interruptByVoice(model: TurnModel, state: TurnState & { type: "responding" }): TurnStep {
  if (state.isAudible) {
    const user = { carriedText: "", isSpeaking: true };
    return to(model, { type: "interrupted", turn: state.turn, user }, [stopAgent(state.turn, "interrupted")]);
  }
  const user = { carriedText: state.userText, isSpeaking: true };
  return to(model, { type: "listening", user }, [stopAgent(state.turn, "superseded")]);
}

function stopOnRequest(model: TurnModel, state: TurnState & { type: "responding" }): TurnStep {
  const effects: TurnEffect[] = [stopAgent(state.turn, "interrupted")];
  if (!state.isOverlapped) return to(model, { type: "listening", user: QUIET_USER }, effects);
  return to(model, { type: "interrupted", turn: state.turn, user: { carriedText: "", isSpeaking: true } }, effects);
}

/** [TT4] silence begins: ask for the transcript at once. */
function beginEndpointing(
  { model, state: { user } }: In<"listening" | "interrupted">,
  silence: { speechEndAtMs: number },
): TurnStep {
  const revision = model.transcriptRevision + 1;
  const state: TurnState = {
    type: "endpointing",
    user: { ...user, isSpeaking: false },
    finalText: undefined,
    speechEndAtMs: silence.speechEndAtMs,
  };
  return to({ ...model, transcriptRevision: revision }, state, [{ type: "request-transcript", revision }]);
}

/** [TT6] the delay runs from now on, less the silence that has been; [TT32] the answer is prepared meanwhile. */
function acceptTranscript(
  model: TurnModel,
  state: TurnState & { type: "endpointing" },
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

/** [TT6]; [TT9] no words, no turn. */
function endUserTurn(model: TurnModel, state: TurnState & { type: "endpointing" }, finalText: string): TurnStep {
  const text = joinTexts(state.user.carriedText, finalText);
  if (text === "") return to(model, { type: "listening", user: QUIET_USER }, [{ type: "forget-utterance" }]);
  return respond(model, { text, speechEndAtMs: state.speechEndAtMs }, [{ type: "forget-utterance" }]);
}

function respond(model: TurnModel, answer: Respond, before: TurnEffect[]): TurnStep {
  const turn = model.turnCount + 1;
  const state: TurnState = { type: "responding", turn, userText: answer.text, isAudible: false, isOverlapped: false };
  return to({ ...model, turnCount: turn }, state, [
    ...before,
    { type: "user-turn-ended", text: answer.text },
    { type: "start-agent-turn", turn, userText: answer.text, speechEndAtMs: answer.speechEndAtMs },
  ]);
}

function end(model: TurnModel): TurnStep {
  const { state } = model;
  const effects: TurnEffect[] = [{ type: "cancel-timer", timer: "endpoint-delay-over" }];
  if (state.type === "responding" || state.type === "draining") effects.push(stopAgent(state.turn, "interrupted"));
  effects.push({ type: "discard-prepared-turn" }, { type: "forget-utterance" }, { type: "close-session" });
  return to(model, { type: "ended" }, effects);
}

function joinTexts(first: string, second: string): string {
  return [first.trim(), second.trim()].filter((text) => text !== "").join(" ");
}

function unduckIfDucked(state: TurnState & { type: "responding" }): TurnEffect[] {
  return state.isAudible && state.isOverlapped ? [{ type: "unduck" }] : [];
}

function stopAgent(turn: number, reason: AgentTurnEndReason): TurnEffect {
  return { type: "stop-agent-turn", turn, reason };
}

function stay(model: TurnModel): TurnStep {
  return { model, effects: [] };
}

function to(model: TurnModel, state: TurnState, effects: TurnEffect[]): TurnStep {
  return { model: { ...model, state }, effects };
}
