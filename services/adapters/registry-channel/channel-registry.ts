import type { z } from "zod";
import { AppError, fromWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { registryAnswers, type RegistryCall, RegistryReply } from "#contracts/child/registry-channel";
import { PendingCalls } from "#core/lifecycle/pending-calls";
import type { Clock } from "#core/ports/clock";
import type { MessageChannelEnd } from "#core/ports/message-channel";
import type { WorkerRegistry } from "#core/ports/worker-registry";

export interface ChannelRegistryOptions {
  channel: MessageChannelEnd;
  clock: Clock;
}

/** The port promises an answer within 2 s. */
const CALL_TIMEOUT_MS = 1_900;

type Answer<Type extends RegistryCall["type"]> = z.infer<(typeof registryAnswers)[Type]>;

/**
 * The registry of the process at the other end, where `serveRegistry` answers.
 * Rejects with `registry-unavailable` when nobody answers there; later calls too, and at once when the other end is gone.
 */
export async function createChannelRegistry(options: ChannelRegistryOptions): Promise<WorkerRegistry> {
  const caller = new ChannelCaller(options);
  const described = await caller.call({ type: "describe" });
  return {
    origin: { ...described, banner: described.banner },
    register: (request) => caller.call({ type: "register", request }),
    beat: (registration, beat) => caller.call({ type: "beat", registration, beat }),
    unregister: async (registration) => void (await caller.call({ type: "unregister", registration })),
    lease: (request) => caller.call({ type: "lease", request }),
    renew: (lease) => caller.call({ type: "renew", lease }),
    release: (lease) => caller.call({ type: "release", lease }),
    setDesiredState: (name, state) => caller.call({ type: "set-desired-state", name, state }),
    list: async () => (await caller.call({ type: "list" })).map((worker) => ({ ...worker, stats: worker.stats })),
    close: async () => caller.close("it was closed"),
  };
}

class ChannelCaller {
  readonly #channel: MessageChannelEnd;
  readonly #pending: PendingCalls;

  constructor({ channel, clock }: ChannelRegistryOptions) {
    this.#channel = channel;
    this.#pending = new PendingCalls({ clock, timeoutMs: CALL_TIMEOUT_MS });
    channel.onMessage((message) => this.#receive(message));
    channel.onClose(() => this.close("the process that holds it is gone"));
  }

  async call<Type extends RegistryCall["type"]>(call: Extract<RegistryCall, { type: Type }>): Promise<Answer<Type>> {
    const value = await this.#pending.make(
      (requestId) => this.#channel.send({ type: "registry-request", requestId, call }),
      () => unavailable("no answer in time"),
    );
    const schema: z.ZodType = registryAnswers[call.type];
    const parsed = parseWith(schema, value);
    if (!parsed.ok) throw unavailable(`unexpected answer: ${parsed.issues}`);
    // The schema was picked by the call's own type, which the compiler cannot follow through the lookup.
    return parsed.value as Answer<Type>;
  }

  close(reason: string): void {
    this.#pending.endAll(unavailable(reason));
  }

  #receive(message: unknown): void {
    const reply = parseWith(RegistryReply, message);
    if (!reply.ok) return;
    const { requestId, result } = reply.value;
    if (result.type === "value") this.#pending.resolve(requestId, result.value);
    else this.#pending.reject(requestId, fromWireError(result.error));
  }
}

function unavailable(detail: string): AppError {
  return new AppError("registry-unavailable", { detail });
}
