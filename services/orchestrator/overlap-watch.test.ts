import { beforeEach, describe, expect, it } from "vitest";
import { createDeferred, type Deferred } from "#core/lifecycle/deferred";
import { createRuleOverlapJudge } from "#core/turn/overlap";
import { FakeClock } from "#testing/fake-clock";
import { settle } from "#testing/session-bench";
import { OverlapWatch, type JudgedOverlap } from "./overlap-watch";

const WINDOW_MS = 32;

let clock: FakeClock;
let decodes: Deferred<string>[];
let judged: JudgedOverlap[];
let doubts: boolean[];
let watch: OverlapWatch;
let speechMs: number;
/** What is spoken here has −20 dBFS. */
let usualLevelDb: number | undefined;

beforeEach(() => {
  clock = new FakeClock();
  decodes = [];
  judged = [];
  doubts = [];
  speechMs = 64;
  usualLevelDb = undefined;
  watch = new OverlapWatch({
    judge: createRuleOverlapJudge({ holdAfterMs: 300 }),
    clock,
    hear: () => {
      const decode = createDeferred<string>();
      decodes.push(decode);
      return decode.promise;
    },
    usualLevelDb: () => usualLevelDb,
    onVerdict: (verdict) => judged.push(verdict),
    onDoubt: (isDoubtful) => doubts.push(isDoubtful),
  });
  watch.begin();
});

async function speak(windows: number): Promise<void> {
  for (let i = 0; i < windows; i++) {
    clock.advanceMs(WINDOW_MS);
    speechMs += WINDOW_MS;
    watch.addWindow({ samples: new Float32Array(512).fill(0.1), speechMs, silenceMs: 0 });
    await settle();
  }
}

async function hear(text: string): Promise<void> {
  decodes.at(-1)?.resolve(text);
  await settle();
}

describe("watching an overlap", () => {
  it("[TT40] asks for transcripts one at a time, two windows apart", async () => {
    await speak(1);
    expect(decodes).toHaveLength(0);
    await speak(8);
    expect(decodes).toHaveLength(1);
    await hear("");
    await speak(1);
    expect(decodes).toHaveLength(2);
  });

  it("tells the verdict once, with the words and the time since the onset", async () => {
    await speak(3);
    await hear("Wait.");
    await speak(2);
    await hear("Wait.");
    await speak(3);
    expect(judged).toEqual([{ verdict: "interruption", text: "Wait.", reactionMs: 224 }]);
  });

  it("[TT41] waits at the end for the transcript of all of it", async () => {
    await speak(4);
    const [first] = decodes;
    watch.settle();
    expect(judged).toEqual([]);
    first?.resolve("");
    await settle();
    expect(decodes).toHaveLength(2);
    await hear("Yeah.");
    expect(judged).toMatchObject([{ verdict: "backchannel", text: "Yeah." }]);
  });

  it("[TT41] an early end without a word is waited out, in case it was the beginning of more", async () => {
    await speak(4);
    await hear("");
    watch.settle();
    await hear("");
    expect(judged).toEqual([]);
    clock.advanceMs(200);
    expect(judged).toMatchObject([{ verdict: "backchannel" }]);
  });

  it("[TT41] so is one with a word that may be the beginning of more; a listener's word is whole", async () => {
    await speak(4);
    await hear("Wh");
    watch.settle();
    await hear("What");
    expect(judged).toEqual([]);
    watch.begin();
    await speak(8);
    await hear("What time");
    expect(judged).toMatchObject([{ verdict: "interruption" }]);
  });

  it("[TT48] does not wait for ears that do not answer", async () => {
    await speak(4);
    watch.settle();
    clock.advanceMs(600);
    expect(judged).toMatchObject([{ verdict: "backchannel", text: "" }]);
  });

  it("[TT48] does without words when the ears fail", async () => {
    await speak(6);
    decodes[0]?.reject(new Error("down"));
    await settle();
    watch.settle();
    decodes[1]?.reject(new Error("down"));
    await settle();
    clock.advanceMs(200);
    expect(judged).toMatchObject([{ verdict: "backchannel" }]);
  });

  it("[TT41] goes on when the speech comes back before the verdict", async () => {
    await speak(4);
    watch.settle();
    watch.begin();
    await speak(2);
    clock.advanceMs(600);
    await hear("Hold on.");
    expect(judged).toMatchObject([{ verdict: "interruption" }]);
  });

  it("[TT49] tells when it becomes doubtful, and when it is no longer", async () => {
    await speak(4);
    await hear("");
    await speak(6);
    expect(doubts).toEqual([true]);
    await hear("Yeah.");
    expect(doubts).toEqual([true, false]);
  });

  it.each([
    [900, "side-talk"],
    [1_100, "interruption"],
  ] as const)("[TT46] a little louder, %i ms after side talk, it is %s", async (gapMs, verdict) => {
    usualLevelDb = -9;
    await speak(8);
    await hear("Have you");
    await speak(2);
    expect(judged.at(-1)?.verdict).toBe("side-talk");
    watch.settle();
    watch.cancel();
    clock.advanceMs(gapMs);
    usualLevelDb = -12;
    speechMs = 64;
    watch.begin();
    await speak(8);
    await hear("Have you seen");
    await speak(4);
    await hear("Have you seen");
    expect(judged.at(-1)?.verdict).toBe(verdict);
  });

  it("tells nothing once cancelled", async () => {
    await speak(4);
    watch.cancel();
    await hear("Stop.");
    clock.advanceMs(1_000);
    expect(judged).toEqual([]);
  });
});
