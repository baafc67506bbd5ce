// Draws the icons of the packages from the page's own icon: `package-icons.mjs`. The PNG files are kept, so that
// packaging needs no browser; run it again when renderer/src/ui/icon.svg changes.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { chromium } from "playwright";
import { ROOT } from "./repo-root.mjs";
import { findChromium } from "./system-packages.mjs";

const SOURCE = path.join(ROOT, "renderer/src/ui/icon.svg");
const FOLDER = path.join(ROOT, "electron/build");

/** `share`: how much of the square the drawing fills. macOS icons leave a margin: 824 of 1,024 pixels. */
const icons = [
  ...[16, 24, 32, 48, 64, 128, 256, 512].map((size) => ({ file: `icons/${size}x${size}.png`, size, share: 1 })),
  { file: "icon-mac.png", size: 1024, share: 824 / 1024 },
];

const browser = await chromium.launch({ executablePath: findChromium() });
try {
  const page = await browser.newPage();
  const source = `data:image/svg+xml;base64,${readFileSync(SOURCE).toString("base64")}`;
  for (const { file, size, share } of icons) {
    await page.setViewportSize({ width: size, height: size });
    await page.setContent(
      `<style>body{margin:0;height:100vh;display:grid;place-items:center}</style>` +
        `<img alt="" src="${source}" style="width:${share * 100}vw;height:${share * 100}vh">`,
    );
    await page.waitForFunction(() => document.querySelector("img")?.complete === true);
    mkdirSync(path.dirname(path.join(FOLDER, file)), { recursive: true });
    writeFileSync(path.join(FOLDER, file), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
