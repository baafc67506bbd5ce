import { expect, it } from "vitest";
import { AppError, toWireError } from "#contracts/errors";
import { silentLogger } from "#core/ports/logger";
import { createFakeChildStarter } from "#testing/fake-child-starter";
import { FakeClock } from "#testing/fake-clock";
import { createHost } from "./host";

it("an orchestrator that is started again keeps the port to which pages are bound", async () => {
  const clock = new FakeClock();
  const starter = createFakeChildStarter();
  const host = createHost(
    {
      starter,
      clock,
      log: silentLogger,
      registryEnv: () => ({}),
      serveRegistry: () => undefined,
      stopRegistry: () => Promise.resolve(),
      onGivenUp: () => undefined,
    },
    {
      front: "orchestrator",
      hasWorker: false,
      frontStart: { args: ["--port", "0"], env: {} },
      workerStart: { args: [], env: {} },
    },
  );
  const started = host.start();
  starter.latest.emit({ type: "service-ready", port: 8123 });
  await expect(started).resolves.toBe(8123);
  starter.latest.exit({ signal: "SIGKILL" });
  clock.advanceMs(100);
  expect(starter.children.map(({ spec }) => spec.args)).toEqual([
    ["--port", "0"],
    ["--port", "0", "--port", "8123"],
  ]);
});

it("the other front takes over the port, and the worker comes and goes without touching it", async () => {
  const starter = createFakeChildStarter();
  const host = createHost(
    {
      starter,
      clock: new FakeClock(),
      log: silentLogger,
      registryEnv: () => ({}),
      serveRegistry: () => undefined,
      stopRegistry: () => Promise.resolve(),
      onGivenUp: () => undefined,
    },
    {
      front: "orchestrator",
      hasWorker: false,
      frontStart: { args: ["--quiet"], env: {} },
      workerStart: { args: [], env: {} },
    },
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const started = host.start();
  const [orchestrator] = starter.children;
  orchestrator?.emit({ type: "service-ready", port: 8123 });
  await started;

  const withWorker = host.useWorker(true);
  await settle();
  const worker = starter.latest;
  worker.emit({ type: "service-ready", port: 7001 });
  await withWorker;
  const other = host.useFront("desk");
  orchestrator?.exit({ code: 0 });
  await settle();
  starter.latest.emit({ type: "service-ready", port: 8123 });
  await other;
  const without = host.useWorker(false);
  worker.exit({ code: 0 });
  await without;
  expect(starter.children.map(({ spec }) => [spec.entry, ...spec.args])).toEqual([
    ["orchestrator", "--quiet"],
    ["tts-worker"],
    ["desk", "--quiet", "--port", "8123"],
  ]);
  const failing = host.useWorker(true);
  await settle();
  const error = toWireError(new AppError("token-required"));
  starter.latest.emit({ type: "service-failed", error });
  await expect(failing).rejects.toMatchObject({ code: "token-required" });
});
