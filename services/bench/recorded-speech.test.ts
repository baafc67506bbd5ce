import { expect, it } from "vitest";
import { parseTranscription } from "./recorded-speech";

it("a transcription gives name and words of each clip, and passes over what is none", () => {
  expect(parseTranscription("<s> ten of clubs  </s> (001)\n\n# note\n<s> five five </s> (a-0880)\n")).toEqual([
    { name: "001", reference: "ten of clubs" },
    { name: "a-0880", reference: "five five" },
  ]);
});
