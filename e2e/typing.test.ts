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

test("a text that is too long is not cut but refused, and stays in its box", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  const text = `${"word ".repeat(2000)}end`;
  await parley.message.focus();
  // As a paste, which a length limit of the box would cut.
  await parley.page.keyboard.insertText(text);
  await parley.page.keyboard.press("Enter");
  await expect(parley.problems).toContainText("longer than 10,000 characters");
  await expect(parley.message).toHaveValue(text);
});

test("what is copied says who said it and what was not heard, in words apart", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.type("Hello");
  await expect.poll(() => parley.playoutReports.at(-1) ?? 0).toBeGreaterThan(2 * 14_400);
  await parley.stopSpeakingButton.click();
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "interrupted");
  const copied = await parley.page.evaluate(() => {
    const selection = getSelection();
    selection?.selectAllChildren(document.querySelector(".transcript") ?? document.body);
    return selection?.toString() ?? "";
  });
  expect(copied).toContain("You: Hello");
  expect(copied).toMatch(/I heard [\w ]*Not heard: /);
});

test("push-to-talk stays chosen when the page begins anew", async ({ open }) => {
  const { page } = await open();
  const pushToTalk = page.getByRole("switch", { name: "Push to talk" });
  await pushToTalk.check();
  await page.reload();
  await expect(pushToTalk).toBeChecked();
  await pushToTalk.uncheck();
  await page.reload();
  await expect(pushToTalk).not.toBeChecked();
});

test("what was begun in the box is still there after a visit to another screen", async ({ open }) => {
  const parley = await open({ microphone: "denied" });
  await parley.message.fill("Half a thought");
  await parley.goTo("Fleet");
  await parley.goTo("Talk");
  await expect(parley.message).toHaveValue("Half a thought");
});

test("who reads further up goes to the end with what they send, or with Latest, which keeps the keyboard", async ({
  open,
  orchestrator,
}) => {
  const parley = await open({ microphone: "denied", context: { viewport: { width: 900, height: 640 } } });
  if (orchestrator.fake !== undefined) orchestrator.fake.script.reply = "Short. ".repeat(300);
  const words = parley.page.getByRole("main");
  const latest = parley.page.getByRole("button", { name: "Latest" });
  const goUp = async (): Promise<void> => {
    await words.evaluate((element) => (element.scrollTop = 0));
    await expect(latest).toBeVisible();
  };
  await parley.type("Hello");
  await expect(parley.agentWords.first()).toContainText("Short.");
  await goUp();
  if (orchestrator.fake !== undefined) orchestrator.fake.script.reply = "Short.";
  await parley.type("I am up here");
  await expect(parley.userWords.nth(1)).toBeInViewport();
  await goUp();
  await latest.press("Enter");
  await expect(latest).toHaveCount(0);
  await expect(words).toBeFocused();
});
