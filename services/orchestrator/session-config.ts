import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { TurnConfig } from "#core/turn/state";
import { defaultListenerConfig, type UserListenerConfig } from "./user-listener";

export interface SessionConfig extends TurnConfig {
  /** Silence that ends a turn when the words speak neither for nor against it, ms. See docs/specs/turn-taking.md. */
  endpointDelayMs: number;
  listener: UserListenerConfig;
  /** Speech over the agent that is still undecided after this long is doubtful, ms. */
  holdAfterMs: number;
  /** Answers are prepared before the user's turn is certainly over [TT32]. */
  isPreemptive: boolean;
  /** A pause of speech shorter than this is not reported, ms. */
  minSilenceMs: number;
  /** A noise shorter than this is not speech, ms. */
  minSpeechMs: number;
  activationThreshold: number;
  /** The agent's own voice is taken out of the microphone. */
  isEchoCancelled: boolean;
}

/** What the configuration file says of a conversation. */
export function sessionConfigOf({ turn, vad, echo }: Pick<OrchestratorConfig, "turn" | "vad" | "echo">): SessionConfig {
  return {
    ...turn,
    isPreemptive: turn.preemptive,
    ...vad,
    isEchoCancelled: echo.cancel,
    listener: defaultListenerConfig,
  };
}
