import { expect, it } from "vitest";
import { createFakeChildStarter } from "#testing/fake-child-starter";
import { createEarsWatch } from "./ears-watch";

it("tells of ears that died and of those in their place, not of the first ones nor of an end in order", () => {
  const states: string[] = [];
  const ears = createEarsWatch((state) => states.push(state));
  const starter = createFakeChildStarter();
  const start = () => {
    starter.start({ entry: "ears", args: [] });
    ears.watch(starter.latest);
    return starter.latest;
  };
  const first = start();
  first.emit({ type: "ready" });
  expect(states).toEqual([]);
  first.exit({ signal: "SIGKILL" });
  const second = start();
  second.emit({ type: "ready" });
  expect(states).toEqual(["restarting", "ready"]);
  second.exit({ code: 0 });
  expect(states).toEqual(["restarting", "ready"]);
});
