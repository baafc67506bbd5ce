import { describe, expect, it } from "vitest";
import { AppError } from "#contracts/errors";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import type { MessageChannelEnd } from "#core/ports/message-channel";
import { FakeClock } from "#testing/fake-clock";
import { describeWorkerRegistryContract, testWorkerInfo } from "#testing/worker-registry.contract";
import { createChannelRegistry } from "./channel-registry";
import { channelToParent } from "./message-channel";
import { serveRegistry } from "./serve-registry";

describeWorkerRegistryContract("over a channel", async () => {
  const clock = new FakeClock();
  const parent = createMemoryRegistry({ clock });
  const pair = createChannelPair();
  serveRegistry(parent, pair.parent);
  const registry = await createChannelRegistry({ channel: pair.child, clock });
  return {
    registry,
    passTime: async (durationMs) => clock.advanceMs(durationMs),
    close: async () => {
      await registry.close();
      await parent.close();
    },
  };
});

describe("registry channel", () => {
  const lease = { requestId: "r", voice: "tone", ttlMs: 1_000 };
  const open = async () => {
    const clock = new FakeClock();
    const parent = createMemoryRegistry({ clock });
    const pair = createChannelPair();
    serveRegistry(parent, pair.parent);
    return { clock, parent, pair, registry: await createChannelRegistry({ channel: pair.child, clock }) };
  };

  it("tells the origin of the parent's registry", async () => {
    const { parent, registry } = await open();
    expect(registry.origin).toEqual(parent.origin);
  });

  it("[RG20] the parent gone: calls under way and later ones fail with registry-unavailable", async () => {
    const { pair, registry, clock } = await open();
    const underWay = registry.lease(lease);
    pair.breakOff();
    await expect(underWay).rejects.toMatchObject({ code: "registry-unavailable" });
    await expect(registry.list()).rejects.toMatchObject({ code: "registry-unavailable" });
    expect(clock.pendingCount).toBe(0);
  });

  it("[RG20] a parent that does not answer: registry-unavailable within 2 s", async () => {
    const clock = new FakeClock();
    const opening = createChannelRegistry({ channel: createChannelPair().child, clock });
    clock.advanceMs(2_000);
    await expect(opening).rejects.toMatchObject({ code: "registry-unavailable" });
  });

  it("an error keeps its code across the channel", async () => {
    const { parent, registry } = await open();
    parent.lease = () => Promise.reject(new AppError("redis-auth-failed"));
    await expect(registry.lease(lease)).rejects.toMatchObject({ code: "redis-auth-failed", retryable: false });
  });

  it("a request that breaks the schema is answered with bad-message and reaches nobody", async () => {
    const { registry, parent } = await open();
    const info = testWorkerInfo("no spaces allowed");
    await expect(registry.register({ info, nonce: "n", capacity: 1, ttlMs: 1_000 })).rejects.toMatchObject({
      code: "bad-message",
    });
    expect(await parent.list()).toEqual([]);
  });

  it("an answer that breaks the schema is registry-unavailable", async () => {
    const { registry, parent } = await open();
    parent.renew = () => Promise.resolve("perhaps" as "ok");
    const held = { requestId: "r", worker: testWorkerInfo("a"), generation: 1, fencingToken: 2, ttlMs: 1_000 };
    await expect(registry.renew(held)).rejects.toMatchObject({ code: "registry-unavailable" });
  });

  it("leaves other messages on the channel alone", async () => {
    const { pair, registry } = await open();
    pair.parent.send({ type: "stop" });
    pair.child.send({ type: "ready" });
    pair.parent.send("noise");
    expect(await registry.lease(lease)).toEqual({ type: "none", reason: "no-worker" });
  });

  it("a child whose parent has already gone fails at once", async () => {
    const channel = channelToParent({ connected: false, on: () => undefined, once: () => undefined });
    await expect(createChannelRegistry({ channel, clock: new FakeClock() })).rejects.toMatchObject({
      code: "registry-unavailable",
    });
  });
});

interface ChannelPair {
  parent: MessageChannelEnd;
  child: MessageChannelEnd;
  breakOff(): void;
}

/** Two ends in one process; messages are cloned and arrive later, as between processes. */
function createChannelPair(): ChannelPair {
  const closeListeners: (() => void)[] = [];
  const toParent: ((message: unknown) => void)[] = [];
  const toChild: ((message: unknown) => void)[] = [];
  let isOpen = true;
  const end = (own: ((message: unknown) => void)[], other: ((message: unknown) => void)[]): MessageChannelEnd => ({
    send: (message) => {
      const copy: unknown = structuredClone(message);
      queueMicrotask(() => isOpen && other.forEach((listener) => listener(copy)));
    },
    onMessage: (listener) => void own.push(listener),
    onClose: (listener) => void closeListeners.push(listener),
  });
  return {
    parent: end(toParent, toChild),
    child: end(toChild, toParent),
    breakOff: () => {
      isOpen = false;
      closeListeners.forEach((listener) => listener());
    },
  };
}
