import { chromium, type Browser, type Page } from "@playwright/test";

/** "file": a WAV is heard; "denied": the person refuses the microphone; "missing": the computer has none. */
export type BrowserMicrophone = { type: "file"; file: string } | { type: "denied" } | { type: "missing" };

export function launchChromium(microphone: BrowserMicrophone): Promise<Browser> {
  const args = ["--autoplay-policy=no-user-gesture-required"];
  if (microphone.type !== "missing") args.push("--use-fake-device-for-media-stream");
  if (microphone.type !== "denied") args.push("--use-fake-ui-for-media-stream");
  if (microphone.type === "file") args.push(`--use-file-for-fake-audio-capture=${microphone.file}%noloop`);
  return chromium.launch({ executablePath: process.env["PARLEY_CHROMIUM"] ?? "/usr/bin/chromium", args });
}

/** Errors of the page and breaches of its policy, from now on. */
export function collectComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) complaints.push(message.text());
  });
  return complaints;
}
