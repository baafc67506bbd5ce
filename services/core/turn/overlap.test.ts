import { describe, expect, it } from "vitest";
import { createRuleOverlapJudge, type OverlapEvidence } from "./overlap";
import { judgeOverlapWords } from "./overlap-words";

const judge = createRuleOverlapJudge({ holdAfterMs: 300 });
const running: OverlapEvidence = {
  speechMs: 280,
  silenceMs: 0,
  leadMs: 0,
  isOver: false,
  transcripts: [],
  isHeard: true,
  heardMs: 480,
  wasSideTalk: false,
  levelDb: -30,
  usualLevelDb: -27,
  zeroCrossingRatio: 0.1,
};
const judged = (change: Partial<OverlapEvidence>) => judge.judge({ ...running, ...change });

describe("the words of an overlap", () => {
  it.each([
    ["Stop.", "command"],
    ["Sorry.", "command"],
    ["No, no,", "command"],
    ["Hold on a second", "command"],
    ["Okay, stop.", "command"],
    ["Mm-hmm.", "backchannel"],
    ["Yeah, yeah, yeah", "backchannel"],
    ["I see.", "backchannel"],
    ["Oh, I see.", "backchannel"],
    ["Got it, got", "backchannel"],
    ["Right, I", "backchannel"],
    ["Ice.", "backchannel"],
    ["Ice cream, please.", "words"],
    ["I", "fragment"],
    ["M. M.", "fragment"],
    ["Right, and what", "words"],
    ["Yes, but what?", "words"],
    ["What time?", "words"],
    ["", "none"],
    ["…", "none"],
  ] as const)("%j: %s", (text, kind) => {
    expect(judgeOverlapWords(text)).toBe(kind);
  });
});

describe("an overlap", () => {
  it("[TT42] a command is an interruption however short it is", () => {
    expect(judged({ speechMs: 160, transcripts: ["Stop.", "Stop."] })).toBe("interruption");
    expect(judged({ speechMs: 160, transcripts: ["No."] })).toBe("undecided");
    expect(judged({ speechMs: 160, transcripts: ["No."], isOver: true })).toBe("interruption");
    expect(judged({ speechMs: 250, transcripts: ["Stop."] })).toBe("interruption");
  });

  it("[TT44] a short whole overlap counts as words only when it is heard the same twice", () => {
    expect(judged({ isOver: true, speechMs: 340, transcripts: ["You got", "You have."] })).toBe("backchannel");
    expect(judged({ isOver: true, speechMs: 340, transcripts: ["What,", "What?"] })).toBe("interruption");
    expect(judged({ isOver: true, speechMs: 420, transcripts: ["Lemon", "Monday."] })).toBe("interruption");
  });

  it('[TT44] … and soft words not even then, but for a question word: they may be a misheard "sure"', () => {
    const heardTwice = { isOver: true, speechMs: 384, transcripts: ["Here,", "Here."] };
    expect(judged(heardTwice)).toBe("backchannel");
    expect(judged({ ...heardTwice, levelDb: -28 })).toBe("interruption");
    expect(judged({ ...heardTwice, usualLevelDb: undefined })).toBe("interruption");
    expect(judged({ ...heardTwice, transcripts: ["What's that?", "What's that?"] })).toBe("interruption");
  });

  it("[TT42] a short silence after words counts with them", () => {
    expect(judged({ speechMs: 200, silenceMs: 64, transcripts: ["Sorry."] })).toBe("interruption");
    expect(judged({ speechMs: 200, silenceMs: 64, transcripts: ["What?", "What?"] })).toBe("doubtful");
    expect(judged({ speechMs: 200, silenceMs: 32, transcripts: ["What?", "What?"] })).toBe("undecided");
  });

  it("[TT49] a soft start counts with the speech for how long it may be undecided", () => {
    expect(judged({ transcripts: [""] })).toBe("undecided");
    expect(judged({ leadMs: 32, transcripts: [""] })).toBe("doubtful");
    expect(judged({ leadMs: 96, speechMs: 430, transcripts: ["", ""] })).toBe("backchannel");
    expect(judged({ leadMs: 96, speechMs: 200, transcripts: ["What?", "What?"] })).toBe("undecided");
  });

  it("[TT42] a command that was understood before all of it was counts at the end", () => {
    expect(judged({ isOver: true, transcripts: ["Enough.", ""] })).toBe("interruption");
    expect(judged({ isOver: true, transcripts: ["No.", ""] })).toBe("backchannel");
  });

  it("[TT42] words are one from 400 ms on, when a second transcript bears them out; before, they are doubtful", () => {
    expect(judged({ transcripts: ["What?", "What time?"] })).toBe("doubtful");
    expect(judged({ speechMs: 400, transcripts: ["What?"] })).toBe("doubtful");
    expect(judged({ speechMs: 400, transcripts: ["", "What time?"] })).toBe("doubtful");
    expect(judged({ speechMs: 400, transcripts: ["What?", "What time?"] })).toBe("interruption");
    expect(judged({ speechMs: 200, transcripts: ["What?", "What?"] })).toBe("undecided");
  });

  it("[TT44] a backchannel ends with a short silence, and until then it is none", () => {
    expect(judged({ transcripts: ["Yeah."] })).toBe("undecided");
    expect(judged({ transcripts: ["Yeah."], silenceMs: 64 })).toBe("backchannel");
    expect(judged({ speechMs: 600, transcripts: ["Yeah, but what?", "Yeah, but what about?"] })).toBe("interruption");
  });

  it("[TT44] … and heard once, when it is as loud as the user's turns", () => {
    const stopped = { isOver: true, speechMs: 240, levelDb: -28, transcripts: ["", "Stir."] };
    expect(judged(stopped)).toBe("interruption");
    expect(judged({ ...stopped, levelDb: -30 })).toBe("backchannel");
    expect(judged({ ...stopped, usualLevelDb: undefined })).toBe("backchannel");
    expect(judged({ ...stopped, zeroCrossingRatio: 0.3 })).toBe("backchannel");
    expect(judged({ ...stopped, echoRatio: 0.3 })).toBe("backchannel");
    expect(judged({ ...stopped, speechMs: 160 })).toBe("backchannel");
  });

  it("[TT44] loud words that were borne out count, whatever the end sounds like", () => {
    const asked = { isOver: true, speechMs: 600, levelDb: -28, transcripts: ["What's it?", "What did it?", "", ""] };
    expect(judged(asked)).toBe("interruption");
    expect(judged({ ...asked, levelDb: -30 })).toBe("backchannel");
    expect(judged({ ...asked, transcripts: ["What's it?", "", "What did it?", ""] })).toBe("backchannel");
  });

  it("[TT44] a loud word that hardly is one counts when it is heard the same twice", () => {
    const so = { isOver: true, speechMs: 320, levelDb: -28 };
    expect(judged({ ...so, transcripts: ["So?", "So,"] })).toBe("interruption");
    expect(judged({ ...so, transcripts: ["So?", "And"] })).toBe("backchannel");
    expect(judged({ ...so, transcripts: ["A.", "A."] })).toBe("backchannel");
    expect(judged({ ...so, transcripts: ["Yeah.", "Yeah."] })).toBe("backchannel");
  });

  it("[TT44] a transcript with more syllables than can be said in the time is no word", () => {
    expect(judged({ speechMs: 260, isOver: true, transcripts: ["You got it all"] })).toBe("backchannel");
    expect(judged({ speechMs: 700, isOver: true, transcripts: ["You got it all"] })).toBe("interruption");
  });

  it("[TT44] … but for the same one twice, as when the start of the speech was missed", () => {
    const missed = { speechMs: 416, isOver: true };
    expect(judged({ ...missed, transcripts: ["Utter time.", "What time is it?"] })).toBe("backchannel");
    expect(judged({ ...missed, transcripts: ["What time is it?", "What time is it?"] })).toBe("interruption");
  });

  it("[TT45] a short loud voice without a word is a shout that the ears have missed", () => {
    const shout = { speechMs: 320, silenceMs: 64, levelDb: -27, transcripts: ["", ""] };
    expect(judged(shout)).toBe("interruption");
    expect(judged({ ...shout, isOver: true })).toBe("interruption");
    expect(judged({ ...shout, isOver: true, speechMs: 240 })).toBe("interruption");
    for (const other of [
      { levelDb: -29 },
      { levelDb: -20 },
      { usualLevelDb: undefined },
      { speechMs: 224 },
      { speechMs: 460 },
      { zeroCrossingRatio: 0.3 },
      { echoRatio: 0.3 },
      { transcripts: ["", "Yeah."] },
    ])
      expect(judged({ ...shout, isOver: true, ...other })).not.toBe("interruption");
  });

  it("[TT45] sounds without a word are laughter or a hum, and noise when they hiss", () => {
    expect(judged({ speechMs: 500, transcripts: ["", ""] })).toBe("doubtful");
    expect(judged({ speechMs: 560, transcripts: ["", ""] })).toBe("backchannel");
    expect(judged({ speechMs: 560, transcripts: ["", ""], zeroCrossingRatio: 0.4 })).toBe("noise");
  });

  it("[TT45] a transcript that is on its way is waited for a little", () => {
    expect(judged({ speechMs: 540, heardMs: 416, transcripts: ["", ""] })).toBe("doubtful");
    expect(judged({ speechMs: 540, heardMs: 480, transcripts: ["", ""] })).toBe("backchannel");
    expect(judged({ speechMs: 560, heardMs: 416, transcripts: ["", ""] })).toBe("backchannel");
  });

  it("[TT45] sounds without a word that are as loud as the user's turns are waited for longer", () => {
    const loud = { levelDb: -28, heardMs: 780, transcripts: ["", ""] };
    expect(judged({ ...loud, speechMs: 800 })).toBe("doubtful");
    expect(judged({ ...loud, speechMs: 820 })).toBe("backchannel");
    expect(judged({ ...loud, speechMs: 800, usualLevelDb: undefined })).toBe("backchannel");
  });

  it("[TT45] … and are an interruption then, where the echo was taken out of them and the words with it", () => {
    const mangled = { levelDb: -28, speechMs: 820, heardMs: 780, transcripts: ["", ""], echoRatio: 0.2 };
    expect(judged(mangled)).toBe("interruption");
    expect(judged({ ...mangled, speechMs: 800 })).toBe("doubtful");
    for (const change of [{ echoRatio: 0.05 }, { echoRatio: 0.3 }, { levelDb: -20 }, { levelDb: -30 }])
      expect(judged({ ...mangled, ...change })).toBe("backchannel");
    expect(judged({ ...mangled, transcripts: ["Yeah.", "Yeah."] })).toBe("doubtful");
  });

  it("[TT45] sounds without a word end with a short silence once all of them was heard", () => {
    expect(judged({ speechMs: 320, silenceMs: 64, transcripts: ["", ""] })).toBe("backchannel");
    expect(judged({ speechMs: 320, silenceMs: 64, transcripts: ["", ""], isHeard: false })).toBe("doubtful");
    expect(judged({ speechMs: 280, silenceMs: 64, transcripts: ["", ""] })).toBe("undecided");
  });

  it("[TT49] what sounded like a listener is doubtful later, and later still when it did so twice in a row", () => {
    expect(judged({ speechMs: 320, transcripts: ["Yeah.", ""] })).toBe("undecided");
    expect(judged({ speechMs: 320, transcripts: ["Yeah.", "", ""] })).toBe("doubtful");
    expect(judged({ speechMs: 560, transcripts: ["Yeah.", "I. g."] })).toBe("doubtful");
    expect(judged({ speechMs: 560, transcripts: ["Oh, okay.", "Oh, okay."] })).toBe("undecided");
    expect(judged({ speechMs: 800, transcripts: ["Oh, okay.", "Oh, okay."] })).toBe("doubtful");
  });

  it("[TT49] … but sooner when it is as loud as the user's turns: listeners speak softly", () => {
    const loud = { levelDb: -28 };
    expect(judged({ ...loud, speechMs: 280, transcripts: ["Right."] })).toBe("undecided");
    expect(judged({ ...loud, speechMs: 300, transcripts: ["Right."] })).toBe("doubtful");
    expect(judged({ ...loud, speechMs: 380, transcripts: ["Right.", "Right."] })).toBe("undecided");
    expect(judged({ ...loud, speechMs: 400, transcripts: ["Right.", "Right."] })).toBe("doubtful");
  });

  it("[TT45] a hiss in which a listener's word was heard is no noise", () => {
    const hissing = { isOver: true, speechMs: 450, zeroCrossingRatio: 0.35 };
    expect(judged({ ...hissing, transcripts: ["I see.", "I. g."] })).toBe("backchannel");
    expect(judged({ ...hissing, transcripts: ["", "I. g."] })).toBe("noise");
  });

  it("[TT46] side talk that gets a little louder remains it", () => {
    const louder = { levelDb: -34, speechMs: 500, transcripts: ["Have you", "Have you seen"] };
    expect(judged(louder)).toBe("interruption");
    expect(judged({ ...louder, wasSideTalk: true })).toBe("side-talk");
    expect(judged({ ...louder, wasSideTalk: true, levelDb: -32 })).toBe("interruption");
  });

  it("[TT46] speech far below this user's usual level is side talk, whatever its words", () => {
    expect(judged({ levelDb: -40, transcripts: ["Stop it."] })).toBe("side-talk");
    expect(judged({ levelDb: -40, transcripts: ["Stop it."], usualLevelDb: undefined })).toBe("interruption");
    expect(judged({ levelDb: -40, isOver: true, transcripts: [""] })).toBe("noise");
  });

  it("[TT46] a soft hiss may be the beginning of anything", () => {
    const soft = { levelDb: -40, zeroCrossingRatio: 0.4, transcripts: ["", "Next."] };
    expect(judged(soft)).toBe("undecided");
    expect(judged({ ...soft, isOver: true, transcripts: ["", "Next."] })).toBe("side-talk");
    expect(judged({ ...soft, speechMs: 320, levelDb: -36 })).toBe("doubtful");
  });

  it("[TT47] what is likely to be the agent's own echo is that before all else", () => {
    expect(judged({ echoRatio: 0.8, transcripts: ["Stop."] })).toBe("echo");
  });

  it("[TT48] without ears its length decides", () => {
    expect(judged({ speechMs: 499 })).toBe("doubtful");
    expect(judged({ speechMs: 500 })).toBe("interruption");
    expect(judged({ speechMs: 499, isOver: true })).toBe("backchannel");
  });

  it("when it is over, it is decided", () => {
    for (const text of ["", "I", "Yeah.", "Stop.", "Monday."])
      expect(["undecided", "doubtful"]).not.toContain(judged({ isOver: true, transcripts: [text] }));
  });
});
