import { expect, it } from "vitest";
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
    { orchestrator: { args: ["--port", "0"], env: {} }, worker: undefined },
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
