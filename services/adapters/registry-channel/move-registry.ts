import { AppError, fromWireError, toWireError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { RegistryMoveReply, RegistryMoveRequest, type RegistryAddress } from "#contracts/child/registry-move";
import { PendingCalls } from "#core/lifecycle/pending-calls";
import type { Clock } from "#core/ports/clock";
import type { MessageChannelEnd } from "#core/ports/message-channel";

/** A connection may take 3.5 s, and a registration 2 s more. */
const STEP_TIMEOUT_MS = 7_000;

/** What a child has made ready. */
export interface PreparedMove {
  /** From now on the new registry alone counts. */
  commit(): Promise<void>;
  /** Everything stays as it was. */
  abort(): Promise<void>;
}

/** Orders to one child. Each rejects with the child's error, or `child-failed` when it does not answer in time. */
export interface RegistryMover {
  prepare(address: RegistryAddress): Promise<void>;
  commit(): Promise<void>;
  abort(): Promise<void>;
}

export function createRegistryMover(options: { channel: MessageChannelEnd; clock: Clock }): RegistryMover {
  const { channel, clock } = options;
  const pending = new PendingCalls({ clock, timeoutMs: STEP_TIMEOUT_MS });
  const failed = (): AppError => new AppError("child-failed", { detail: "it did not move to the other Redis" });
  channel.onClose(() => pending.endAll(failed()));
  channel.onMessage((raw) => {
    const reply = parseWith(RegistryMoveReply, raw);
    if (!reply.ok) return;
    const { requestId, error } = reply.value;
    if (error === undefined) pending.resolve(requestId, undefined);
    else pending.reject(requestId, fromWireError(error));
  });
  const order = async (step: RegistryMoveRequest["step"]): Promise<void> => {
    const send = (requestId: number): void =>
      channel.send({ type: "registry-move", requestId, step } satisfies RegistryMoveRequest);
    await pending.make(send, failed);
  };
  return {
    prepare: (address) => order({ type: "prepare", address }),
    commit: () => order({ type: "commit" }),
    abort: () => order({ type: "abort" }),
  };
}

/** Carries out the supervisor's orders, one after the other. */
export function serveRegistryMoves(
  channel: MessageChannelEnd,
  prepare: (address: RegistryAddress) => Promise<PreparedMove>,
): void {
  let prepared: PreparedMove | undefined;
  let queue: Promise<void> = Promise.resolve();
  const carryOut = async (step: RegistryMoveRequest["step"]): Promise<void> => {
    const before = prepared;
    prepared = undefined;
    if (step.type === "commit") return before?.commit();
    await before?.abort();
    if (step.type === "prepare") prepared = await prepare(step.address);
  };
  channel.onMessage((raw) => {
    const request = parseWith(RegistryMoveRequest, raw);
    if (!request.ok) return;
    const { requestId, step } = request.value;
    const reply = (error?: unknown): void =>
      channel.send({
        type: "registry-move-reply",
        requestId,
        ...(error === undefined ? {} : { error: toWireError(error) }),
      } satisfies RegistryMoveReply);
    queue = queue.then(() => carryOut(step)).then(() => reply(), reply);
  });
}
