import { expect, it } from "vitest";
import { createLoopTurns } from "./loop-turns";

it("one turn in each turn of the event loop, in order", async () => {
  const log: string[] = [];
  const nextTurn = createLoopTurns();
  const asked = ["a", "b", "c"].map((name) => nextTurn().then(() => log.push(name)));
  let loopTurns = 0;
  const otherWork = (): void => {
    log.push(`${++loopTurns}`);
    if (loopTurns < 3) setImmediate(otherWork);
  };
  setImmediate(otherWork);
  await Promise.all(asked);
  expect(log).toEqual(["a", "1", "b", "2", "c"]);
});

it("goes on after nobody waited for a while", async () => {
  const nextTurn = createLoopTurns();
  await nextTurn();
  await new Promise(setImmediate);
  await Promise.all([nextTurn(), nextTurn()]);
});
