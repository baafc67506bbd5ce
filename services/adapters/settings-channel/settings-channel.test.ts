import { describe, expect, it } from "vitest";
import type { MessageChannelEnd } from "#core/ports/message-channel";
import { FakeClock } from "#testing/fake-clock";
import { createFakeSettings, usualSettings } from "#testing/fake-settings";
import { createChannelSettings } from "./channel-settings";
import { serveSettings } from "./serve-settings";

function createPair(): { parent: MessageChannelEnd; child: MessageChannelEnd; close(): void } {
  const listeners = { parent: new Set<(m: unknown) => void>(), child: new Set<(m: unknown) => void>() };
  const closers: (() => void)[] = [];
  const end = (own: "parent" | "child", other: "parent" | "child"): MessageChannelEnd => ({
    send: (message) => queueMicrotask(() => listeners[other].forEach((listen) => listen(structuredClone(message)))),
    onMessage: (listener) => void listeners[own].add(listener),
    onClose: (listener) => void closers.push(listener),
  });
  return {
    parent: end("parent", "child"),
    child: end("child", "parent"),
    close: () => closers.forEach((close) => close()),
  };
}

function open() {
  const clock = new FakeClock();
  const pair = createPair();
  const keeper = createFakeSettings();
  serveSettings(keeper, pair.parent);
  return { clock, pair, keeper, settings: createChannelSettings({ channel: pair.child, clock }) };
}

describe("settings over a channel", () => {
  it("are read and changed at the other end", async () => {
    const { settings, keeper } = open();
    expect(await settings.read()).toEqual(await keeper.read());
    expect((await settings.change({ voice: "tone" })).settings.voice).toBe("tone");
    expect((await keeper.read()).settings.voice).toBe("tone");
  });

  it("a refusal comes with its code and its words", async () => {
    const { settings, keeper } = open();
    keeper.failNext("bad-config");
    await expect(settings.change({ voice: "tone" })).rejects.toMatchObject({ code: "bad-config" });
  });

  it("a change made elsewhere is told, and no longer once the listener is gone", async () => {
    const { settings, keeper } = open();
    const voices: string[] = [];
    const listening = settings.onChange((state) => voices.push(state.settings.voice));
    await keeper.change({ voice: "tone" });
    await settings.read();
    listening.dispose();
    await keeper.change({ voice: "flite-kal" });
    await settings.read();
    expect(voices).toEqual(["tone"]);
  });

  it("nobody at the other end is an error in time, and at once when it is gone", async () => {
    const clock = new FakeClock();
    const pair = createPair();
    const settings = createChannelSettings({ channel: pair.child, clock });
    const asked = settings.read();
    clock.advanceMs(15_000);
    await expect(asked).rejects.toMatchObject({ code: "connect-failed" });
    pair.close();
    await expect(settings.read()).rejects.toMatchObject({ code: "connect-failed" });
  });

  it("messages of others are left alone", async () => {
    const { settings, pair } = open();
    pair.parent.send({ type: "registry-reply", requestId: 1 });
    pair.child.send({ type: "settings-request", requestId: "x" });
    expect((await settings.read()).settings).toEqual(usualSettings);
  });
});
