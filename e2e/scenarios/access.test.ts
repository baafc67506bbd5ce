import { launchChromium } from "../chromium";
import { ParleyPage } from "../pages/parley-page";
import { expect, test } from "./scenario";

test("whoever comes without the token, or with another one, is told, and nothing else", async ({ world }) => {
  const browser = await launchChromium({ type: "file", file: world.home.microphoneFile });
  try {
    for (const fragment of ["", "#token=wrong"]) {
      const stranger = new ParleyPage(await browser.newPage());
      await stranger.page.goto(`${await world.address()}${fragment}`);
      await stranger.startButton.click();
      await expect(stranger.problems).toContainText("The token is missing or wrong.");
      await expect(stranger.startButton).toBeVisible();
      expect(stranger.received.map(({ type }) => type)).toEqual(["error"]);
      await stranger.goTo("Fleet");
      await expect(stranger.page.getByRole("alert")).toContainText("The token is missing or wrong.");
      await expect(stranger.page.getByTestId("worker")).toHaveCount(0);
    }
  } finally {
    await browser.close();
  }
});
