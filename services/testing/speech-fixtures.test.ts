import { describe, expect, it } from "vitest";
import { loadSpeechClip, loadSpeechClips } from "./speech-fixtures";

describe("speech fixtures", () => {
  it("are ten clips with words and sound", () => {
    const clips = loadSpeechClips();
    expect(clips).toHaveLength(10);
    for (const clip of clips) {
      expect(clip.reference).toMatch(/^[a-z' ]+$/);
      expect(clip.samples.length).toBeGreaterThan(16_000);
      expect(clip.pcm.some((value) => Math.abs(value) > 2000)).toBe(true);
    }
  });

  it("are found by the end of their name", () => {
    expect(loadSpeechClip("0880").reference).toBe("he was not an ill disposed young man");
  });

  it("name the package to install when they are missing", () => {
    expect(() => loadSpeechClips("/nowhere")).toThrow(/pocketsphinx-testdata/);
  });
});
