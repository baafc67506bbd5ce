import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import { channelToChild } from "#adapters/registry-channel/message-channel";
import { createRegistryMover, type RegistryMover } from "#adapters/registry-channel/move-registry";
import { serveRegistry } from "#adapters/registry-channel/serve-registry";
import { systemClock } from "#adapters/system/system-clock";
import type { RegistryAddress } from "#contracts/child/registry-move";
import type { ChildHandle } from "#core/ports/child-process";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import type { HostPart } from "#supervisor/host";
import type { RegistrySource } from "#supervisor/registry-source";
import { envForChildren } from "./registry-env";

export interface RegistryHolder {
  readonly source: RegistrySource;
  /** What children need to reach the registry. */
  readonly childEnv: Record<string, string>;
  /** The registry itself when it is in this process; undefined with Redis. */
  readonly inProcess: WorkerRegistry | undefined;
  /** Each child that is started: lets it use the registry in this process, and move with it. */
  serve(child: ChildHandle, part: HostPart): void;
  /**
   * Moves all children to another registry and ends what the one before stood on. When one of them cannot, all stay,
   * `next` is ended, and it rejects with the reason.
   */
  moveTo(next: RegistrySource): Promise<void>;
}

interface HeldChild {
  part: HostPart;
  handle: ChildHandle;
  mover: RegistryMover;
}

/** The registry of this app's own processes, whatever holds it. */
export function holdRegistry(initial: RegistrySource): RegistryHolder {
  const children = new Set<HeldChild>();
  let source = initial;
  let memory: WorkerRegistry | undefined;
  /** Offered once to each child, and from then on there for as long as it runs. */
  const offerMemory = ({ origin }: RegistrySource): void => {
    if (memory !== undefined) return;
    memory = createMemoryRegistry({ clock: systemClock, origin });
    for (const { handle } of children) serveRegistry(memory, channelToChild(handle));
  };
  if (initial.type === "in-process") offerMemory(initial);
  return {
    get source() {
      return source;
    },
    get childEnv() {
      return envForChildren(source);
    },
    get inProcess() {
      return source.type === "in-process" ? memory : undefined;
    },
    serve(handle, part) {
      const channel = channelToChild(handle);
      const child = { part, handle, mover: createRegistryMover({ channel, clock: systemClock }) };
      children.add(child);
      handle.onExit(() => children.delete(child));
      if (memory !== undefined) serveRegistry(memory, channel);
    },
    async moveTo(next) {
      const before = source;
      if (next.type === "in-process") offerMemory(next);
      // Children that are started from here on begin at the new one.
      source = next;
      const moving = [...children].sort(byPart);
      try {
        await prepareAll(moving, addressOf(next));
      } catch (error) {
        source = before;
        await next.stop();
        throw error;
      }
      // A child that fails now has ended, and its next start begins at the new one.
      for (const { mover } of moving) await mover.commit().catch(() => undefined);
      await before.stop();
    },
  };
}

/** The orchestrator looks at the new registry before its workers leave the old one. */
function byPart(a: HeldChild, b: HeldChild): number {
  return a.part.localeCompare(b.part);
}

async function prepareAll(children: readonly HeldChild[], address: RegistryAddress): Promise<void> {
  const prepared = await Promise.allSettled(children.map(({ mover }) => mover.prepare(address)));
  const failed = prepared.find((each) => each.status === "rejected");
  if (failed === undefined) return;
  await Promise.allSettled(children.map(({ mover }) => mover.abort()));
  // eslint-disable-next-line @typescript-eslint/only-throw-error -- what a mover rejects with is an AppError
  throw failed.reason;
}

export function addressOf(source: RegistrySource): RegistryAddress {
  if (source.type === "in-process") return { type: "parent" };
  const { url, password, passwordFile, caFile, timeouts, origin } = source;
  return { type: "redis", url, password, passwordFile, caFile, timeouts, origin };
}
