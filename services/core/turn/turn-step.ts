import type { AgentTurnEndReason } from "#contracts/protocol/server-message";
import type { TurnEffect, TurnModel, TurnState, UserTurn } from "./state";

export interface TurnStep {
  model: TurnModel;
  effects: TurnEffect[];
}

/** The model together with its state, known to be one of these. */
export interface In<Type extends TurnState["type"]> {
  model: TurnModel;
  state: TurnState & { type: Type };
}

/** [TT4] silence begins: ask for the transcript at once. */
export function beginEndpointing(model: TurnModel, user: UserTurn, silence: { speechEndAtMs: number }): TurnStep {
  const revision = model.transcriptRevision + 1;
  const state: TurnState = {
    type: "endpointing",
    user: { ...user, isSpeaking: false },
    finalText: undefined,
    speechEndAtMs: silence.speechEndAtMs,
    resumption: "none",
  };
  return to({ ...model, transcriptRevision: revision }, state, [{ type: "request-transcript", revision }]);
}

export function respond(
  model: TurnModel,
  answer: { text: string; speechEndAtMs: number | undefined },
  before: TurnEffect[],
): TurnStep {
  const turn = model.turnCount + 1;
  const state: TurnState = {
    type: "responding",
    turn,
    userText: answer.text,
    isAudible: false,
    isHeard: false,
    overlap: undefined,
  };
  return to({ ...model, turnCount: turn }, state, [
    ...before,
    { type: "user-turn-ended", text: answer.text },
    { type: "start-agent-turn", turn, userText: answer.text, speechEndAtMs: answer.speechEndAtMs },
  ]);
}

export function end(model: TurnModel): TurnStep {
  const { state } = model;
  const effects: TurnEffect[] = [{ type: "cancel-timer", timer: "endpoint-delay-over" }];
  if (state.type === "responding" || state.type === "draining") effects.push(stopAgent(state.turn, "interrupted"));
  effects.push({ type: "discard-prepared-turn" }, { type: "forget-utterance" }, { type: "close-session" });
  return to(model, { type: "ended" }, effects);
}

export function joinTexts(first: string, second: string): string {
  return [first.trim(), second.trim()].filter((text) => text !== "").join(" ");
}

export function stopAgent(turn: number, reason: AgentTurnEndReason): TurnEffect {
  return { type: "stop-agent-turn", turn, reason };
}

export function stay(model: TurnModel): TurnStep {
  return { model, effects: [] };
}

export function to(model: TurnModel, state: TurnState, effects: TurnEffect[]): TurnStep {
  return { model: { ...model, state }, effects };
}
