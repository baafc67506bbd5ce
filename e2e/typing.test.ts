import { expect, test } from "./fixtures";

test("what was typed stays in its box when it could not be sent", async ({ open, orchestrator }) => {
  const parley = await open({ microphone: "denied" });
  await orchestrator.fake?.close();
  await parley.type("A long thought");
  await expect(parley.problems).toBeVisible();
  await expect(parley.message).toHaveValue("A long thought");
  await expect(parley.userWords).toHaveCount(0);
});

test("words of a script that runs from right to left do so in a page that does not", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("مرحبا (ok)");
  const [first, last] = await parley.userWords.evaluate((element) => {
    const text = element.lastChild ?? element;
    return [0, (text.textContent?.length ?? 0) - 2].map((at) => {
      const range = document.createRange();
      range.setStart(text, at);
      range.setEnd(text, at + 1);
      return range.getBoundingClientRect().left;
    });
  });
  expect(first).toBeGreaterThan(last ?? NaN);
});
