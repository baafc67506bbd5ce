import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { SessionConfig } from "./session";
import { defaultListenerConfig } from "./user-listener";

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
