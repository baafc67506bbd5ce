import { describe, expect, it } from "vitest";
import { AppError, toWireError } from "#contracts/errors";
import { silentLogger } from "#core/ports/logger";
import { createFakeChildStarter, type FakeChild, type FakeChildOptions } from "#testing/fake-child-starter";
import { FakeClock } from "#testing/fake-clock";
import { defaultSupervision, superviseService, type ServiceState } from "./supervised-service";

const PONG = { type: "service-pong" };
/** A child that still reads what it is sent. */
const answer = (child: FakeChild, message: unknown): void => {
  if ((message as { type: string }).type === "service-ping") child.emit(PONG);
};

function create(options: { maxRestarts?: number; onSend?: FakeChildOptions["onSend"] } = {}) {
  const { maxRestarts = defaultSupervision.maxRestarts, onSend = answer } = options;
  const clock = new FakeClock();
  const starter = createFakeChildStarter({ onSend });
  const givenUp: AppError[] = [];
  const states: ServiceState[] = [];
  const service = superviseService({
    starter,
    clock,
    log: silentLogger,
    config: { ...defaultSupervision, maxRestarts },
    spec: (startCount) => ({ entry: "worker", args: [String(startCount)] }),
    onState: (state) => states.push(state),
    onGivenUp: (error) => givenUp.push(error),
  });
  return { clock, starter, service, givenUp, states };
}

it("is ready when the child says so, with its port", async () => {
  const { starter, service } = create();
  const started = service.start();
  starter.latest.emit({ type: "service-ready", port: 7001 });
  await expect(started).resolves.toBe(7001);
});

it("restarts a child that dies, after a wait that doubles", async () => {
  const { clock, starter, service } = create();
  void service.start();
  starter.latest.emit({ type: "service-ready", port: 7001 });
  starter.latest.exit({ signal: "SIGKILL" });
  clock.advanceMs(99);
  expect(starter.children).toHaveLength(1);
  clock.advanceMs(1);
  expect(starter.children).toHaveLength(2);
  starter.latest.exit({ code: 1 });
  clock.advanceMs(199);
  expect(starter.children).toHaveLength(2);
  clock.advanceMs(1);
  expect(starter.children.map((child) => child.spec.args)).toEqual([["0"], ["1"], ["2"]]);
});

it("a child that ran for long starts the wait over", () => {
  const { clock, starter, service } = create();
  void service.start();
  starter.latest.exit({ code: 1 });
  clock.advanceMs(100);
  starter.latest.emit({ type: "service-ready", port: 7001 });
  clock.advanceMs(30_000);
  starter.latest.exit({ code: 1 });
  clock.advanceMs(100);
  expect(starter.children).toHaveLength(3);
});

it("gives up after too many failures and says so", () => {
  const { clock, starter, service, givenUp } = create({ maxRestarts: 4 });
  void service.start();
  starter.latest.emit({ type: "service-ready", port: 7001 });
  for (let i = 0; i < 5; i++) {
    starter.latest.exit({ code: 1 });
    clock.advanceMs(10_000);
  }
  expect(givenUp.map((error) => error.code)).toEqual(["child-failed"]);
  expect(starter.children).toHaveLength(5);
});

it("a child that was never ready is given up sooner, and the start fails", async () => {
  const { clock, starter, service, givenUp } = create();
  const started = service.start();
  for (let i = 0; i < 3; i++) {
    starter.latest.exit({ code: 1 });
    clock.advanceMs(10_000);
  }
  await expect(started).rejects.toMatchObject({ code: "child-failed" });
  expect(givenUp).toHaveLength(1);
  expect(starter.children).toHaveLength(3);
});

it("a child that cannot start is not tried again", async () => {
  const { clock, starter, service } = create();
  const started = service.start();
  starter.latest.emit({ type: "service-failed", error: toWireError(new AppError("port-in-use")) });
  starter.latest.exit({ code: 1 });
  await expect(started).rejects.toMatchObject({ code: "port-in-use" });
  clock.advanceMs(60_000);
  expect(starter.children).toHaveLength(1);
});

it("a child that never gets ready is killed and tried again", () => {
  const { clock, starter, service } = create();
  void service.start();
  clock.advanceMs(defaultSupervision.readyTimeoutMs);
  expect(starter.children[0]?.hasExited).toBe(true);
  clock.advanceMs(100);
  expect(starter.children).toHaveLength(2);
});

it("stop orders the child to end and does not restart it", async () => {
  const { clock, starter, service } = create();
  void service.start();
  const stopped = service.stop();
  expect(starter.latest.sent).toEqual([{ type: "service-stop" }]);
  starter.latest.exit();
  await stopped;
  clock.advanceMs(60_000);
  expect(starter.children).toHaveLength(1);
  expect(clock.pendingCount).toBe(0);
});

it("stop kills a child that does not obey", async () => {
  const { clock, starter, service } = create();
  void service.start();
  const stopped = service.stop();
  clock.advanceMs(defaultSupervision.stopTimeoutMs);
  await stopped;
  expect(starter.latest.hasExited).toBe(true);
});

describe("proof of life", () => {
  const LIMIT_MS = defaultSupervision.heartbeatMs * defaultSupervision.maxMissedHeartbeats;

  it("a child that reads nothing any more is killed and replaced", () => {
    const { clock, starter, service, states } = create({ onSend: () => undefined });
    void service.start();
    starter.latest.emit({ type: "service-ready", port: 7001 });
    clock.advanceMs(LIMIT_MS - 1);
    expect(starter.latest.hasExited).toBe(false);
    clock.advanceMs(1);
    expect(starter.children[0]?.hasExited).toBe(true);
    clock.advanceMs(100);
    starter.latest.emit({ type: "service-ready", port: 7001 });
    expect(starter.children).toHaveLength(2);
    expect(states).toEqual(["ready", "restarting", "ready"]);
  });

  it("a child that answers late, but answers, stays", () => {
    const { clock, starter, service } = create({ onSend: () => undefined });
    void service.start();
    starter.latest.emit({ type: "service-ready", port: 7001 });
    for (let i = 0; i < 5; i++) {
      clock.advanceMs(LIMIT_MS - defaultSupervision.heartbeatMs);
      starter.latest.emit(PONG);
    }
    expect(starter.children).toHaveLength(1);
  });

  it("is not asked of a child that is not ready, nor of one that is to stop", async () => {
    const { clock, starter, service } = create({ onSend: () => undefined });
    void service.start();
    clock.advanceMs(LIMIT_MS);
    expect(starter.latest.sent).toEqual([]);
    starter.latest.emit({ type: "service-ready", port: 7001 });
    const stopped = service.stop();
    starter.latest.exit();
    await stopped;
    expect(clock.pendingCount).toBe(0);
  });
});
