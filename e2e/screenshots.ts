import { mkdirSync } from "node:fs";
import { expect, test } from "./fixtures";

const FOLDER = "docs/screenshots";
/** The speech that the last picture shows comes after this: time for two turns in writing. */
const MICROPHONE = { leadMs: 9000, tailMs: 4000 };

for (const colorScheme of ["light", "dark"] as const) {
  test(`conversation in ${colorScheme}`, async ({ open, orchestrator }) => {
    const script = orchestrator.fake?.script;
    if (script === undefined) throw new Error("the screenshots are taken with scripted replies");
    script.brainLabel = "Built-in responder";
    const parley = await open({
      microphone: MICROPHONE,
      context: { colorScheme, viewport: { width: 1120, height: 700 } },
    });
    await parley.startButton.click();
    await expect(parley.status).toHaveText("Listening");

    script.reply = "Seventeen times six is one hundred and two.";
    await parley.type("What is seventeen times six?");
    await expect(parley.agentWords.nth(0)).toHaveAttribute("data-outcome", "completed");

    script.reply = "Necessary is spelled n, e, c, e, double s, a, r, y. Shall I use it in a sentence?";
    await parley.type("How do you spell necessary?");
    await expect.poll(() => parley.playoutReports.at(-1) ?? 0).toBeGreaterThan(8 * 14_400 + 11 * 14_400);
    await parley.stopSpeakingButton.click();

    script.userTranscript = "And what day is it the day after tomorrow?";
    await expect(parley.status).toHaveText("Hearing you");
    await parley.page.waitForTimeout(700);
    mkdirSync(FOLDER, { recursive: true });
    await parley.page.screenshot({ path: `${FOLDER}/conversation-${colorScheme}.png`, animations: "disabled" });
  });
}
