import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import { ownEchoCancellers } from "#core/echo/echo-canceller";
import { assertNever } from "#core/lifecycle/assert-never";
import type { EchoCancellerFactory } from "#core/ports/echo-canceller";
import { createApmEchoCancellers } from "./apm-echo-canceller";

/** The configured one. Rejects with `echo-canceller-missing`. */
export async function chooseEchoCancellers(
  canceller: OrchestratorConfig["echo"]["canceller"],
): Promise<EchoCancellerFactory> {
  switch (canceller) {
    case "own":
      return ownEchoCancellers;
    case "apm":
      return createApmEchoCancellers();
    default:
      return assertNever(canceller);
  }
}
