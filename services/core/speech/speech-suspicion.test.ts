import { expect, it } from "vitest";
import type { SpeechActivity } from "./speech-segmenter";
import { SpeechSuspicion } from "./speech-suspicion";

/** `s`: suspicious, in quiet. */
function follow(windows: string): string {
  const suspicion = new SpeechSuspicion();
  return [...windows]
    .map((window) => {
      const activity: SpeechActivity = window === "S" ? "speaking" : window === "+" ? "starting" : "quiet";
      suspicion.push({ isSuspicious: window !== ".", activity });
      return suspicion.isSuspected ? "?" : "-";
    })
    .join("");
}

it("[TT11] a suspicion begins with one window, outlasts it by three, and ends with speech", () => {
  expect(follow("..s......")).toBe("--????---");
  expect(follow("..s..s...")).toBe("--???????");
  expect(follow("..+SSS.s.")).toBe("--?----??");
});
