import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { adminCalls, type AdminCallName, type AdminRequest, type AdminResponse } from "#contracts/protocol/admin";
import type { RedisTest } from "#core/ports/redis-status";
import type { DesiredState, WorkerRegistry } from "#core/ports/worker-registry";

/** What is done for each call. A failure is thrown with its code. */
export type AdminCalls = {
  readonly [Name in AdminCallName]?: (request: AdminRequest<Name>) => Promise<AdminResponse<Name>>;
};

export interface AdminCallDeps {
  registry: WorkerRegistry;
  testRedis: RedisTest;
  /** The fleet was changed: look at it and show it. */
  onFleetChanged(): Promise<void>;
}

export function createAdminCalls(deps: AdminCallDeps): AdminCalls {
  const setState = async (name: string, state: DesiredState): Promise<null> => {
    if ((await deps.registry.setDesiredState(name, state)) === "unknown")
      throw new AppError("unknown-worker", { detail: name });
    await deps.onFleetChanged();
    return null;
  };
  return {
    "worker-drain": ({ name }) => setState(name, "draining"),
    "worker-undrain": ({ name }) => setState(name, "ready"),
    "redis-test": ({ url, password, caFile }) => deps.testRedis({ url, password, caFile }),
  };
}

/** Checks a request by the schema of its name and carries it out. Throws `bad-message`, or what the call throws. */
export async function runAdminCall(calls: AdminCalls, name: AdminCallName, request: unknown): Promise<unknown> {
  const parsed = parseWith<unknown>(adminCalls[name].request, request);
  if (!parsed.ok) throw new AppError("bad-message", { detail: parsed.issues });
  // Both were picked by the same name, which the compiler cannot follow through the lookups.
  const run = calls[name] as ((checked: unknown) => Promise<unknown>) | undefined;
  if (run === undefined) throw new AppError("bad-message", { detail: `${name} is not served here` });
  return run(parsed.value);
}
