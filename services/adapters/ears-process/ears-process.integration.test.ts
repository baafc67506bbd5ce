import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createNodeChildStarter } from "#adapters/node-child/node-child-starter";
import { systemClock } from "#adapters/system/system-clock";
import type { AsrEngine, AsrUtterance, Transcript } from "#core/ports/asr-engine";
import type { ChildHandle, ChildStarter } from "#core/ports/child-process";
import { silentLogger } from "#core/ports/logger";
import { wordErrors } from "#core/text/word-error-rate";
import { describeAsrEngineContract } from "#testing/asr-engine.contract";
import { DIST_ENTRY_FOLDER } from "#testing/dist-entry";
import { loadSpeechClip, loadSpeechClips } from "#testing/speech-fixtures";
import { createEarsProcess } from "./ears-process";

const nodeStarter = createNodeChildStarter({ entryFolder: DIST_ENTRY_FOLDER });

function createEngine(options: { starter?: ChildStarter; answerTimeoutMs?: number } = {}): AsrEngine {
  return createEarsProcess({ starter: nodeStarter, clock: systemClock, log: silentLogger, ...options });
}

describeAsrEngineContract("moonshine in a child process", () =>
  Promise.resolve({ engine: createEngine(), speech: loadSpeechClip("0930").samples }),
);

/** Appends 500 ms at a time and asks for a transcript each time, as a conversation does. */
async function hearGrowing(utterance: AsrUtterance, samples: Float32Array): Promise<Transcript> {
  for (let at = 0; at < samples.length; at += 8_000) {
    utterance.append(samples.subarray(at, at + 8_000));
    await utterance.transcribe();
  }
  return utterance.transcribe();
}

describe("ears process, with the real child", () => {
  let engine: AsrEngine;
  const children: ChildHandle[] = [];
  const exits: { code: number | null; signal: string | null }[] = [];
  const starter: ChildStarter = {
    start(spec) {
      const child = nodeStarter.start(spec);
      children.push(child);
      child.onExit((exit) => exits.push(exit));
      return child;
    },
  };
  const signal = (name: NodeJS.Signals): void => {
    process.kill(children.at(-1)?.pid ?? Number.NaN, name);
  };

  beforeAll(async () => {
    engine = createEngine({ starter, answerTimeoutMs: 3_000 });
    await engine.openUtterance().transcribe();
  });
  afterAll(() => engine.close());

  it("hears recorded sentences with at most 6 % wrong words, with partials every 500 ms", async () => {
    let errors = 0;
    let referenceWords = 0;
    for (const clip of loadSpeechClips()) {
      const utterance = engine.openUtterance();
      const { text } = await hearGrowing(utterance, clip.samples);
      utterance.dispose();
      const counted = wordErrors(clip.reference, text);
      errors += counted.errors;
      referenceWords += counted.referenceWords;
    }
    expect(errors / referenceWords).toBeLessThanOrEqual(0.06);
  });

  it("answers with the same words when the child is killed in the middle of a decode", async () => {
    const { samples } = loadSpeechClip("0870");
    const undisturbed = engine.openUtterance();
    undisturbed.append(samples);
    const expected = await undisturbed.transcribe();
    const utterance = engine.openUtterance();
    utterance.append(samples);
    const earlier = engine.openUtterance();
    const question = earlier.transcribe();
    const transcript = utterance.transcribe();
    const killedCount = exits.length;
    // The child answers in order, so from here on it works on the long clip, for some 300 ms.
    await question;
    signal("SIGKILL");
    expect(await transcript).toMatchObject({ text: expected.text, audioMs: expected.audioMs });
    expect(exits.slice(killedCount)).toEqual([{ code: null, signal: "SIGKILL" }]);
    expect(engine.isReady()).toBe(true);
  });

  it("replaces a child that hangs", async () => {
    const utterance = engine.openUtterance();
    utterance.append(loadSpeechClip("001").samples);
    const killedCount = exits.length;
    signal("SIGSTOP");
    expect((await utterance.transcribe()).text).toBe("Ten of clubs.");
    expect(exits.slice(killedCount)).toEqual([{ code: null, signal: "SIGKILL" }]);
  });

  it("lets Ctrl-C pass, because the parent decides when it ends", async () => {
    const exitCount = exits.length;
    signal("SIGINT");
    const utterance = engine.openUtterance();
    utterance.append(loadSpeechClip("001").samples);
    expect((await utterance.transcribe()).text).toBe("Ten of clubs.");
    expect(exits).toHaveLength(exitCount);
  });

  it("ends with code 0 when closed in the middle of a decode", async () => {
    const utterance = engine.openUtterance();
    utterance.append(loadSpeechClip("0870").samples);
    const cancelled = expect(utterance.transcribe()).rejects.toMatchObject({ code: "cancelled" });
    await Promise.all([engine.close(), cancelled]);
    expect(exits.at(-1)).toEqual({ code: 0, signal: null });
  });
});
