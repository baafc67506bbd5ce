import { expectNoWordLost } from "../conversation-checks";
import { fakeDevices, unplug } from "../faked-devices";
import { expect, test } from "./scenario";

test("a headset unplugged in mid-sentence: the next devices take over, and no word is lost", async ({
  world: { home, page, parley },
}) => {
  home.hear({ leadMs: 30_000, tailMs: 1 });
  const faked = await fakeDevices(page);
  await page.reload();
  try {
    await parley.startButton.click();
    await expect(parley.status).toHaveText("Listening");
    const reportCount = parley.playoutReports.length;
    await parley.type("What can you do?");
    await expect.poll(() => parley.playoutReports.slice(reportCount).at(-1) ?? 0).toBeGreaterThan(48_000);
    await unplug(page, "Headset");
    await expect(parley.problems.filter({ hasText: "Using Laptop speakers." })).toContainText("Headset gone.");
    await expect(parley.problems.filter({ hasText: "Using Laptop microphone." })).toContainText("Headset gone.");
    await expect(parley.agentWords.first()).toHaveAttribute("data-outcome", "completed", { timeout: 30_000 });
    expectNoWordLost(parley);
    const reports = parley.playoutReports.slice(reportCount);
    const steps = reports.map((position, i) => position - (reports[i - 1] ?? 0));
    expect(Math.min(...steps), "the position never goes back").toBeGreaterThan(0);
  } finally {
    await faked.dispose();
  }
});
