import { startTestRedis } from "#testing/test-redis";
import { expectAnsweredAloud, expectClipHeard, expectNoWordLost } from "../conversation-checks";
import { expect, test } from "./scenario";

test("the first run: from an empty computer to the first words, once", async ({ openWorld }) => {
  const world = await openWorld({ isFirstRun: true });
  const { page, parley } = world;
  await expect(page.getByRole("heading", { name: "Welcome to Parley" })).toBeVisible();
  await page.getByRole("button", { name: "Allow the microphone" }).click();
  await expect(page.getByText("The microphone is on.")).toBeVisible();
  const voice = page.getByRole("combobox", { name: "Answers are spoken by" });
  await voice.selectOption("flite-awb");
  // A choice is shown as made once it is saved.
  await expect(voice).toHaveValue("flite-awb");
  await parley.startButton.click();
  await expectClipHeard(parley);
  await expectAnsweredAloud(parley);
  expect(parley.received.find(({ type }) => type === "session-started")).toMatchObject({ voice: "flite-awb" });
  const expectNoWelcome = async (): Promise<void> => {
    await expect(world.parley.startButton).toBeVisible();
    await expect(world.page.getByRole("heading", { name: "Welcome to Parley" })).toHaveCount(0);
  };
  await page.reload();
  await expectNoWelcome();
  await world.restart();
  await expectNoWelcome();
});

test("worker only: it speaks for a Parley elsewhere whose own worker is drained, and shows no conversation", async ({
  openWorld,
}) => {
  const redis = await startTestRedis();
  try {
    const env = { REDIS_URL: redis.url };
    const [talking, serving] = [await openWorld({ env }), await openWorld({ env, args: ["--mode", "worker"] })];
    const own = serving.page.getByRole("status").filter({ hasText: "Worker serves others" });
    await expect(own).toBeVisible();
    await expect(serving.parley.startButton).toHaveCount(0);
    const name = await serving.page.getByRole("heading", { level: 2 }).textContent();

    await talking.parley.goTo("Fleet");
    const workers = talking.page.getByTestId("worker");
    await expect(workers).toHaveCount(2);
    await workers
      .filter({ hasNot: talking.page.getByRole("button", { name: `Drain ${name}` }) })
      .getByRole("button", { name: /^Drain / })
      .click();
    await expect(talking.page.locator("[data-testid=worker][data-state=drained]")).toHaveCount(1);
    await talking.parley.goTo("Talk");
    await talking.parley.type("Hello there");
    await expect(talking.parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
    expectNoWordLost(talking.parley);
    await expect
      .poll(() => talking.parley.received.findLast(({ type }) => type === "turn-metrics"))
      .toMatchObject({ metrics: { worker: name } });

    await serving.page.getByRole("button", { name: "Drain" }).click();
    await expect(serving.page.getByText("Worker takes nothing new")).toBeVisible();
    await serving.page.getByRole("button", { name: "Serve again" }).click();
    await expect(own).toBeVisible();
  } finally {
    await redis.stop();
  }
});
