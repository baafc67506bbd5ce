import { readdirSync } from "node:fs";
import path from "node:path";
import { startFakeOpenAiServer } from "#testing/fake-openai-server";
import { isAudible, isTone } from "../audio-tap";
import { expect, test } from "./scenario";

test("another voice in the next answer, another brain, and both after a restart", async ({ openWorld }) => {
  const endpoint = await startFakeOpenAiServer();
  endpoint.listModels(["llama3.2", "qwen3"]);
  endpoint.answer({ type: "stream", deltas: ["Greetings", " from", " the", " endpoint."] });
  try {
    const world = await openWorld();
    const { page, parley } = world;
    await parley.type("Hello");
    await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
    expect((await parley.played()).filter(isTone)).toEqual([]);

    await parley.goTo("Settings");
    await page.getByRole("combobox", { name: "Answers are spoken by" }).selectOption("tone");
    await expect(page.getByText("Voice: tone. Saved.")).toBeVisible();
    await page.getByRole("radio", { name: /^My own endpoint/ }).click();
    await page.getByRole("textbox", { name: "Address" }).fill(endpoint.baseUrl);
    await page.getByRole("button", { name: "Test" }).click();
    await expect(page.getByText(/It answers, the first word after/)).toBeVisible();
    await page.getByRole("button", { name: "qwen3" }).click();
    await expect(page.getByText(/In use: 127\.0\.0\.1:\d+: qwen3/)).toBeVisible();

    await parley.goTo("Talk");
    await parley.type("Hello again");
    await expect(parley.agentWords.nth(1)).toContainText("Greetings from the endpoint.");
    await expect.poll(async () => (await parley.played()).filter(isTone).length).toBeGreaterThan(2);

    await world.restart();
    await world.parley.type("Are you there?");
    await expect(world.parley.agentWords.first()).toContainText("Greetings from the endpoint.");
    await expect.poll(async () => (await world.parley.played()).filter(isTone).length).toBeGreaterThan(2);
    expect(endpoint.chatBodies.at(-1)).toMatchObject({ model: "qwen3" });
  } finally {
    await endpoint.close();
  }
});

test("a conversation is kept, found, exported, heard, deleted, brought back", async ({ world }) => {
  const { page, parley } = world;
  await parley.goTo("Settings");
  // A choice is shown as made once it is saved.
  await page.getByRole("radio", { name: /^Words and sound/ }).click();
  await expect(page.getByText("Kept from now on: Words and sound. Saved.")).toBeVisible();

  await parley.goTo("Talk");
  await parley.type("How do you spell necessary?");
  await expect(page.getByText("Recording", { exact: true })).toBeVisible();
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
  // Who leaves ends the conversation.
  await page.reload();
  await expect(page.getByText("Recording", { exact: true })).toHaveCount(0);

  await parley.goTo("History");
  const kept = page.getByRole("region", { name: "Kept conversations" }).getByRole("listitem");
  await page.getByRole("searchbox", { name: "Search in conversations" }).fill("SPELL necessary");
  await expect(kept).toHaveCount(1);
  await kept.getByRole("button").click();
  const markdown = await world.download(() => page.getByRole("button", { name: "Export as Markdown" }).click());
  expect(markdown).toContain("# How do you spell necessary?");
  expect(markdown).toMatch(/\*\*Parley\*\* \(0:\d\d\): /);
  const json = await world.download(() => page.getByRole("button", { name: "Export as JSON" }).click());
  expect(JSON.parse(json)).toMatchObject({ messages: [{ role: "user", text: "How do you spell necessary?" }, {}] });

  const playedBefore = (await parley.played()).filter(isAudible).length;
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await expect.poll(async () => (await parley.played()).filter(isAudible).length).toBeGreaterThan(playedBefore);
  await page.getByRole("button", { name: "Stop playing" }).click();

  const folder = path.join(world.home.env["XDG_DATA_HOME"] ?? "", "parley", "recordings");
  const recordings = () => readdirSync(folder).filter((name) => !name.startsWith("."));
  expect(recordings()).toHaveLength(1);
  await page.getByRole("button", { name: "Delete" }).click();
  await expect(kept).toHaveCount(0);
  expect(recordings()).toHaveLength(0);
  await page.getByRole("button", { name: "Undo" }).click();
  await expect(kept).toHaveCount(1);
  expect(recordings()).toHaveLength(1);

  await parley.goTo("Settings");
  await page.getByRole("radio", { name: /^Nothing/ }).click();
  await expect(page.getByText(/Kept from now on: .*Saved\./)).toBeVisible();
});
