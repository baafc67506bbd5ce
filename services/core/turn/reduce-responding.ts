import type { AgentTurnEndReason, OverlapVerdict } from "#contracts/protocol/server-message";
import type { Overlap, TurnConfig, TurnEffect, TurnEvent, TurnModel, TurnState, UserTurn } from "./state";
import { QUIET_USER } from "./state";
import { beginEndpointing, respond, stay, stopAgent, to, type In, type TurnStep } from "./turn-step";

type Responding = In<"responding">["state"];

/** The agent has the turn; the user may speak over it. */
export function reduceResponding({ model, state }: In<"responding">, event: TurnEvent, config: TurnConfig): TurnStep {
  switch (event.type) {
    case "agent-audible": // [TT10]
      if (event.turn !== state.turn || state.isAudible) return stay(model);
      return to(model, { ...state, isAudible: true }, isOpen(state.overlap) ? [{ type: "duck" }] : []);
    case "agent-heard": // [TT14]
      return event.turn === state.turn ? to(model, { ...state, isHeard: true }, []) : stay(model);
    case "stop-requested": // [TT15]
      return stopOnRequest(model, state);
    case "text-input": // [TT8]
      return respond(model, { text: event.text, speechEndAtMs: undefined }, [
        stopAgent(state.turn, "interrupted"),
        { type: "forget-utterance" },
      ]);
    case "agent-finished": // [TT16]
      return event.turn === state.turn ? finish(model, state) : stay(model);
    case "drain": // [TT18]
      return to(model, { type: "draining", turn: state.turn }, [{ type: "forget-utterance" }, ...restore(state)]);
    default:
      return reduceOverlap({ model, state }, event, config);
  }
}

function reduceOverlap({ model, state }: In<"responding">, event: TurnEvent, config: TurnConfig): TurnStep {
  const { overlap } = state;
  switch (event.type) {
    case "user-speech-suspected": // [TT11]
      if (!state.isAudible || overlap !== undefined) return stay(model);
      return to(model, withOverlap(state, { stage: "suspected", endedAtMs: undefined, isEarly: !state.isHeard }), [
        { type: "duck" },
      ]);
    case "user-speech-unconfirmed":
      if (overlap?.stage !== "suspected") return stay(model);
      return to(model, withOverlap(state, undefined), restore(state));
    case "user-speech-start": // [TT11]
      return beginOverlap(model, state);
    case "user-speech-continues":
      return continueOverlap(model, state, { speechMs: event.speechMs, config });
    case "user-speech-end":
      return endOverlap(model, state, event.speechEndAtMs);
    case "overlap-doubted":
      return doubt(model, state, event.isDoubtful);
    case "overlap-judged":
      return routeVerdict(model, state, event);
    default:
      return stay(model);
  }
}

/** [TT11]; speech that comes back before the verdict belongs to the same overlap. */
function beginOverlap(model: TurnModel, state: Responding): TurnStep {
  const isDucked = state.overlap?.stage === "suspected" || isOpen(state.overlap);
  const stage = isOpen(state.overlap) ? state.overlap.stage : "open";
  const isEarly = state.overlap?.isEarly ?? !state.isHeard;
  return to(model, withOverlap(state, { stage, endedAtMs: undefined, isEarly }), [
    { type: "watch-overlap" },
    ...(state.isAudible && !isDucked ? [{ type: "duck" } as const] : []),
  ]);
}

function continueOverlap(
  model: TurnModel,
  state: Responding,
  { speechMs, config }: { speechMs: number; config: TurnConfig },
): TurnStep {
  if (state.overlap?.stage !== "open" || state.overlap.endedAtMs !== undefined) return stay(model);
  const isTakenBack = !state.isAudible && speechMs >= config.minInterruptionMs; // [TT14]
  return isTakenBack ? withdraw(model, state) : stay(model);
}

/** [TT49] */
function doubt(model: TurnModel, state: Responding, isDoubtful: boolean): TurnStep {
  const { overlap, turn } = state;
  if (!state.isAudible || !isOpen(overlap) || (overlap.stage === "held") === isDoubtful) return stay(model);
  return to(
    model,
    withOverlap(state, { ...overlap, stage: isDoubtful ? "held" : "open" }),
    isDoubtful
      ? [{ type: "hold-agent", turn }]
      : [{ type: "duck" }, { type: "resume-agent", turn, verdict: undefined }],
  );
}

function endOverlap(model: TurnModel, state: Responding, endedAtMs: number): TurnStep {
  const { overlap } = state;
  if (overlap === undefined) return stay(model);
  const isSettled = overlap.stage === "dismissed" || !state.isAudible;
  if (isSettled) return to(model, withOverlap(state, undefined), [{ type: "forget-utterance" }]); // [TT12]
  return to(model, withOverlap(state, { ...overlap, endedAtMs }), [{ type: "settle-overlap" }]); // [TT41]
}

function routeVerdict(model: TurnModel, state: Responding, event: TurnEvent & { type: "overlap-judged" }): TurnStep {
  const { overlap } = state;
  if (overlap === undefined || overlap.stage === "suspected") return stay(model);
  if (event.verdict === "interruption")
    return isMoreOfTheQuestion(state, event) ? withdraw(model, state) : interrupt(model, state);
  const restored = restore(state, event.verdict);
  if (overlap.endedAtMs === undefined)
    return to(model, withOverlap(state, { ...overlap, stage: "dismissed" }), restored); // [TT43]
  return to(model, withOverlap(state, undefined), [{ type: "forget-utterance" }, ...restored]); // [TT12]
}

/** [TT14] Nobody answers what was not heard; only a command is meant for the agent that has begun. */
function isMoreOfTheQuestion(
  { isAudible, overlap }: Responding,
  { isCommand = false }: { isCommand?: boolean },
): boolean {
  return !isAudible || (overlap?.isEarly === true && !isCommand);
}

/** [TT14] the question is kept for the merged answer. */
function withdraw(model: TurnModel, state: Responding): TurnStep {
  const user = { carriedText: state.userText, isSpeaking: true };
  return takeTurn(model, state, { user, listening: { type: "listening", user }, reason: "superseded" });
}

/** [TT13] */
function interrupt(model: TurnModel, state: Responding): TurnStep {
  const user = { carriedText: "", isSpeaking: true };
  const listening: TurnState = { type: "interrupted", turn: state.turn, user };
  return takeTurn(model, state, { user, listening, reason: "interrupted" });
}

/** Stops the agent. The user has the turn: goes on to speak, or has said all already. */
function takeTurn(
  model: TurnModel,
  { turn, overlap }: Responding,
  next: { user: UserTurn; listening: TurnState; reason: AgentTurnEndReason },
): TurnStep {
  const stopped = stopAgent(turn, next.reason);
  if (overlap?.endedAtMs === undefined) return to(model, next.listening, [stopped, { type: "listen" }]);
  return after([stopped], beginEndpointing(model, next.user, { speechEndAtMs: overlap.endedAtMs }));
}

function stopOnRequest(model: TurnModel, state: Responding): TurnStep {
  const stopped = stopAgent(state.turn, "interrupted");
  const user = { carriedText: "", isSpeaking: true };
  if (!isOpen(state.overlap) || state.overlap.endedAtMs !== undefined)
    return to(model, { type: "listening", user: QUIET_USER }, [
      stopped,
      ...(state.overlap === undefined ? [] : [{ type: "forget-utterance" } as const]),
    ]);
  return to(model, { type: "interrupted", turn: state.turn, user }, [stopped, { type: "listen" }]);
}

/** [TT16] what is still being judged becomes the user's turn; what was dismissed stays so. */
function finish(model: TurnModel, state: Responding): TurnStep {
  const { overlap } = state;
  const restored = restore(state);
  if (!isOpen(overlap))
    return to(model, { type: "listening", user: QUIET_USER }, [
      ...restored,
      ...(overlap === undefined ? [] : [{ type: "forget-utterance" } as const]),
    ]);
  const user = { carriedText: "", isSpeaking: true };
  if (overlap.endedAtMs !== undefined)
    return after(restored, beginEndpointing(model, user, { speechEndAtMs: overlap.endedAtMs }));
  return to(model, { type: "listening", user }, [...restored, { type: "listen" }]);
}

function isOpen(overlap: Overlap | undefined): overlap is Overlap & { stage: "open" | "held" } {
  return overlap?.stage === "open" || overlap?.stage === "held";
}

function withOverlap(state: Responding, overlap: Overlap | undefined): Responding {
  return { ...state, overlap };
}

/** Undoes the hold and the duck, if there are any. */
function restore(state: Responding, verdict?: OverlapVerdict): TurnEffect[] {
  const { overlap, turn } = state;
  if (!state.isAudible || overlap === undefined || overlap.stage === "dismissed") return [];
  const resumed: TurnEffect[] = overlap.stage === "held" ? [{ type: "resume-agent", turn, verdict }] : [];
  return [{ type: "unduck" }, ...resumed];
}

function after(first: TurnEffect[], step: TurnStep): TurnStep {
  return { ...step, effects: [...first, ...step.effects] };
}
