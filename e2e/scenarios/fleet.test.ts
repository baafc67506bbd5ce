import { startTestRedis, type TestRedis } from "#testing/test-redis";
import { expectAnsweredAloud, expectNoWordLost } from "../conversation-checks";
import { expect, test } from "./scenario";

test("another Redis: with a wrong password it is refused, with the right one Parley moves there; killed, it is told, and back", async ({
  world: { page, parley },
}) => {
  const config = ["requirepass right"];
  let redis: TestRedis = await startTestRedis({ config });
  try {
    const trial = page.getByRole("region", { name: "Use another Redis" });
    const password = trial.getByLabel("Password, if it has one");
    await parley.goTo("Fleet");
    await trial.getByRole("textbox", { name: "Address" }).fill(redis.url);
    await password.fill("wrong");
    await trial.getByRole("button", { name: "Try it" }).click();
    await expect(trial).toContainText("Check the password.");
    await expect(trial.getByRole("button", { name: "Use it" })).toHaveCount(0);
    await password.fill("right");
    await trial.getByRole("button", { name: "Try it" }).click();
    await trial.getByRole("button", { name: "Use it" }).click();
    await expect(trial).toContainText("Parley uses it now.");
    const card = page.getByRole("region", { name: "Redis", exact: true });
    await expect(card).toContainText(`The one chosen here, at 127.0.0.1:${redis.port}`);

    await redis.stop();
    await expect(card).toContainText("Does not answer");
    await expect(card.getByRole("alert")).toContainText(/\w+/);
    await parley.goTo("Talk");
    await parley.type("Hello there");
    await expectAnsweredAloud(parley);
    redis = await startTestRedis({ config, port: redis.port });
    await parley.goTo("Fleet");
    await expect(card).toContainText("Answers");
    await expect(page.getByTestId("worker")).toHaveAttribute("data-state", "ready");

    await trial.getByRole("button", { name: "Back to Parley's own Redis" }).click();
    await expect(card).toContainText("Parley's own, started and ended with it");
  } finally {
    await redis.stop();
  }
});

test("a worker drained from the panel in mid-sentence ends its sentence, and speaks again when it is taken back", async ({
  world: { page, parley },
}) => {
  await parley.type("What can you do?");
  await expect.poll(() => parley.playoutReports.at(-1) ?? 0).toBeGreaterThan(24_000);
  await parley.goTo("Fleet");
  const worker = page.getByTestId("worker");
  await worker.getByRole("button", { name: /^Drain / }).click();
  await expect(worker).toHaveAttribute("data-state", "draining");
  await expect(worker).toHaveAttribute("data-state", "drained", { timeout: 30_000 });
  await parley.goTo("Talk");
  await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed");
  expectNoWordLost(parley);
  await parley.goTo("Fleet");
  await worker.getByRole("button", { name: /^Undrain / }).click();
  await expect(worker).toHaveAttribute("data-state", "ready");
  await parley.goTo("Talk");
  await parley.type("Hello there");
  await expect(parley.agentWords.nth(1)).toHaveAttribute("data-outcome", "completed");
  expectNoWordLost(parley);
});
