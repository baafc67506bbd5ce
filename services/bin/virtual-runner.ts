import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { ConversationRunner } from "#score/play-script";
import { runConversation } from "#sim/run-conversation";
import type { SimulationEngines } from "#sim/simulation-engines";

const TAIL_MS = 300;

/** Conversations on a virtual clock, in this process, one at a time. They reject when the session breaks off. */
export function createVirtualRunner(engines: SimulationEngines, config: OrchestratorConfig): ConversationRunner {
  return {
    async hold({ microphone, maxMs }) {
      const { recording, events, error } = await runConversation(engines, {
        microphone,
        config,
        tailMs: TAIL_MS,
        maxMs,
      });
      if (error !== undefined) throw error;
      const { agentPcm, positionSamples, frames } = recording;
      return { speakerPcm: agentPcm, positionSamples, frames, events };
    },
  };
}
