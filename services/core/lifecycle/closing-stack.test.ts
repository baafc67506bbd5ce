import { expect, it } from "vitest";
import { ClosingStack, openAll } from "./closing-stack";

it("closes in reverse order, all of them, and tells the first failure", async () => {
  const closed: string[] = [];
  const stack = new ClosingStack();
  stack.add(() => void closed.push("first"));
  stack.add(() => {
    closed.push("second");
    throw new Error("broken");
  });
  await stack.open(Promise.resolve("third"), (name) => void closed.push(name));
  await expect(stack.close()).rejects.toThrow("broken");
  expect(closed).toEqual(["third", "second", "first"]);
});

it("a start that fails half-way leaves nothing open", async () => {
  const closed: string[] = [];
  const start = openAll(async (stack) => {
    await stack.open(Promise.resolve("registry"), (name) => void closed.push(name));
    throw new Error("port in use");
  });
  await expect(start).rejects.toThrow("port in use");
  expect(closed).toEqual(["registry"]);
});
