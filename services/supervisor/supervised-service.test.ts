import { expect, it } from "vitest";
import { AppError, toWireError } from "#contracts/errors";
import { silentLogger } from "#core/ports/logger";
import { createFakeChildStarter } from "#testing/fake-child-starter";
import { FakeClock } from "#testing/fake-clock";
import { defaultSupervision, superviseService } from "./supervised-service";

function create(options: { maxRestarts?: number } = {}) {
  const clock = new FakeClock();
  const starter = createFakeChildStarter();
  const givenUp: AppError[] = [];
  const service = superviseService({
    starter,
    clock,
    log: silentLogger,
    config: { ...defaultSupervision, ...options },
    spec: (startCount) => ({ entry: "worker", args: [String(startCount)] }),
    onGivenUp: (error) => givenUp.push(error),
  });
  return { clock, starter, service, givenUp };
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
