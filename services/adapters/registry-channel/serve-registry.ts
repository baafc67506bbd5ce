import { z } from "zod";
import { AppError, toWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { type RegistryCall, type RegistryReply, RegistryRequest } from "#contracts/child/registry-channel";
import { assertNever } from "#core/lifecycle/assert-never";
import type { MessageChannelEnd } from "#core/ports/message-channel";
import type { WorkerRegistry } from "#core/ports/worker-registry";

const RequestHead = z.object({ type: z.literal("registry-request"), requestId: z.number().int() });

/** Lets the other end of the channel use this registry. A request that breaks the schema is answered with `bad-message`. */
export function serveRegistry(registry: WorkerRegistry, channel: MessageChannelEnd): void {
  channel.onMessage((message) => {
    const head = parseWith(RequestHead, message);
    if (!head.ok) return;
    const { requestId } = head.value;
    const reply = (result: RegistryReply["result"]): void =>
      channel.send({ type: "registry-reply", requestId, result } satisfies RegistryReply);
    const request = parseWith(RegistryRequest, message);
    if (!request.ok) {
      reply({ type: "failed", error: toWireError(new AppError("bad-message", { detail: request.issues })) });
      return;
    }
    answer(registry, request.value.call).then(
      (value) => reply({ type: "value", value }),
      (error: unknown) => reply({ type: "failed", error: toWireError(error) }),
    );
  });
}

async function answer(registry: WorkerRegistry, call: RegistryCall): Promise<unknown> {
  switch (call.type) {
    case "describe":
      return registry.origin;
    case "register":
      return registry.register(call.request);
    case "beat":
      return registry.beat(call.registration, call.beat);
    case "unregister":
      await registry.unregister(call.registration);
      return null;
    case "lease":
      return registry.lease(call.request);
    case "renew":
      return registry.renew(call.lease);
    case "release":
      return registry.release(call.lease);
    case "set-desired-state":
      return registry.setDesiredState(call.name, call.state);
    case "list":
      return registry.list();
    default:
      return assertNever(call);
  }
}
