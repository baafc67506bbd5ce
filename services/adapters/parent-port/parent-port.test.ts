import { EventEmitter } from "node:events";
import { describe, expect, it, vi } from "vitest";
import { createFakeChildStarter } from "#testing/fake-child-starter";
import { createParentPort, isUtilityProcess, type ParentPort } from "./parent-port";
import { createRelayedChildStarter } from "./relayed-child-starter";
import { serveRelayedChildren } from "./serve-relayed-children";

describe("the port to the parent", () => {
  it("of a Node child sends while connected, and says when a message has left", () => {
    const send = vi.fn((_message: unknown, _handle: undefined, _options: undefined, onSent: (error: null) => void) =>
      onSent(null),
    );
    const process = Object.assign(new EventEmitter(), { connected: true, send });
    const port = createParentPort(process);
    const onSent = vi.fn();
    port.send({ a: 1 }, onSent);
    process.connected = false;
    port.send({ b: 2 }, onSent);
    expect(send.mock.calls.map(([message]) => message)).toEqual([{ a: 1 }]);
    expect(onSent).toHaveBeenCalledTimes(2);
    expect(isUtilityProcess(process)).toBe(false);
  });

  it("of a utility process carries the same messages", () => {
    const parentPort = Object.assign(new EventEmitter(), { postMessage: vi.fn() });
    const process = Object.assign(new EventEmitter(), { parentPort });
    const port = createParentPort(process);
    const received: unknown[] = [];
    port.on("message", (message) => received.push(message));
    parentPort.emit("message", { data: { order: 1 } });
    port.send({ report: 1 });
    expect(received).toEqual([{ order: 1 }]);
    expect(parentPort.postMessage).toHaveBeenCalledWith({ report: 1 });
    expect(isUtilityProcess(process)).toBe(true);
  });
});

/** A requester whose own process is played by `port`, and the starter that its parent uses for it. */
function createRelay() {
  const fromParent: ((message: unknown) => void)[] = [];
  const requesters = createFakeChildStarter({
    onSend: (_child, message) => fromParent.forEach((listener) => listener(message)),
  });
  const requester = requesters.start({ entry: "orchestrator", args: [] }) && requesters.latest;
  const parents = createFakeChildStarter();
  serveRelayedChildren(requester, parents);
  const port: ParentPort = {
    connected: true,
    send: (message) => requester.emit(message),
    on: (_event, listener) => void fromParent.push(listener),
    once: () => undefined,
  };
  return { starter: createRelayedChildStarter(port), parents, requester };
}

describe("a child that the parent starts", () => {
  it("is started as asked, and messages go both ways", () => {
    const { starter, parents } = createRelay();
    const child = starter.start({ entry: "ears", args: ["--x"], env: { A: "1" } });
    const heard: unknown[] = [];
    child.onMessage((message) => heard.push(message));
    const samples = new Float32Array([0.5]);
    child.send({ type: "append", samples });
    parents.latest.emit({ type: "ready" });
    expect(parents.latest.spec).toEqual({ entry: "ears", args: ["--x"], env: { A: "1" } });
    expect(parents.latest.sent).toEqual([{ type: "append", samples }]);
    expect(heard).toEqual([{ type: "ready" }]);
  });

  it("tells its exit, and keeps apart from the next one", () => {
    const { starter, parents } = createRelay();
    const exits: unknown[] = [];
    starter.start({ entry: "ears", args: [] }).onExit((exit) => exits.push(exit));
    starter.start({ entry: "ears", args: [] }).onExit((exit) => exits.push({ second: exit }));
    parents.children[0]?.exit({ code: 3 });
    expect(exits).toEqual([{ code: 3, signal: null }]);
  });

  it("is killed on request", () => {
    const { starter, parents } = createRelay();
    starter.start({ entry: "ears", args: [] }).kill({ force: true });
    expect(parents.latest.hasExited).toBe(true);
  });

  it("ends with the child that asked for it", () => {
    const { starter, parents, requester } = createRelay();
    starter.start({ entry: "ears", args: [] });
    requester.exit({ signal: "SIGKILL" });
    expect(parents.latest.hasExited).toBe(true);
  });

  it("is not started for a name that is no entry", () => {
    const { starter, parents } = createRelay();
    starter.start({ entry: "../evil", args: [] });
    expect(parents.children).toHaveLength(0);
  });
});
