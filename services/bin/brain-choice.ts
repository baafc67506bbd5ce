import { createBuiltinBrain } from "#adapters/builtin-brain/builtin-brain";
import { discoverEndpoint, type EndpointCandidate } from "#adapters/endpoint-brain/discover-endpoint";
import { createEndpointBrain } from "#adapters/endpoint-brain/endpoint-brain";
import type { BrainConfig, BrainEndpointConfig } from "#contracts/config/brain";
import { AppError } from "#contracts/errors";
import type { Brain } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";

export interface BrainChoiceDeps {
  clock: Clock;
  log: Logger;
  /** Default: the runtime's. */
  fetch?: typeof fetch;
  /** Read only for the variable that `endpoint.apiKeyEnv` names. Default: the process's. */
  env?: Readonly<Record<string, string | undefined>>;
  /** Default: the usual local ports. */
  candidates?: readonly EndpointCandidate[];
}

/**
 * The brain that the configuration asks for. `auto` takes the configured endpoint, else one that is found on this
 * computer, else the built-in responder; the label says which. A configured endpoint is not asked here, so that one
 * that is down delays nothing and can come up later. Throws `bad-config` for an endpoint without a URL or with a key
 * whose variable is not set.
 */
export async function createBrainFromConfig(deps: BrainChoiceDeps, config: BrainConfig): Promise<Brain> {
  const brain = await chooseBrain(deps, config);
  deps.log.info("brain chosen", { kind: brain.info.kind, label: brain.info.label });
  return brain;
}

async function chooseBrain(deps: BrainChoiceDeps, config: BrainConfig): Promise<Brain> {
  const { clock } = deps;
  const builtin = (): Brain => createBuiltinBrain({ clock, seed: config.builtin.seed, timing: config.builtin });
  if (config.kind === "builtin") return builtin();
  if (config.endpoint !== undefined) return configuredEndpoint(deps, config, config.endpoint);
  if (config.kind === "endpoint") throw new AppError("bad-config", { detail: "brain.endpoint.url is missing" });
  const found = await discoverEndpoint({ fetch: deps.fetch ?? fetch, clock, candidates: deps.candidates });
  return found === undefined ? builtin() : createEndpointBrain({ ...found, ...common(deps, config) });
}

function configuredEndpoint(deps: BrainChoiceDeps, config: BrainConfig, endpoint: BrainEndpointConfig): Brain {
  return createEndpointBrain({
    baseUrl: endpoint.url,
    model: endpoint.model,
    apiKey: readKey(deps, endpoint),
    ...common(deps, config),
  });
}

function readKey(deps: BrainChoiceDeps, endpoint: BrainEndpointConfig): string | undefined {
  if (endpoint.apiKeyEnv === undefined) return endpoint.apiKey;
  const env = deps.env ?? process.env;
  const key = env[endpoint.apiKeyEnv] ?? "";
  if (key === "")
    throw new AppError("bad-config", {
      detail: `brain.endpoint.apiKeyEnv names ${endpoint.apiKeyEnv}, which is not set`,
    });
  return key;
}

function common(
  deps: BrainChoiceDeps,
  config: BrainConfig,
): Omit<Parameters<typeof createEndpointBrain>[0], "baseUrl"> {
  const { systemPrompt, firstTokenTimeoutMs, stallTimeoutMs } = config;
  return { systemPrompt, firstTokenTimeoutMs, stallTimeoutMs, clock: deps.clock, log: deps.log, fetch: deps.fetch };
}
