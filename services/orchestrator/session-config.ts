import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { SessionConfig } from "./session";
import { defaultListenerConfig } from "./user-listener";

/** What the configuration file says of a conversation. */
export function sessionConfigOf({ turn, vad }: Pick<OrchestratorConfig, "turn" | "vad">): SessionConfig {
  return { ...turn, isPreemptive: turn.preemptive, ...vad, listener: defaultListenerConfig };
}
