import anyAscii from "any-ascii";
import { labelWords, spellOut, wordWords } from "./letter-words";
import { cardinalWords, digitWords } from "./number-words";
import { anyOf, rule, type Rule } from "./rule";
import { ABBREVIATIONS } from "./vocabulary";

/** Endings by which an address without "https://" is known. */
const TOP_LEVELS = "com|org|net|io|dev|ai|app|edu|gov|info|me|tv|uk|de|fr|ch|at|nl|eu|us|ca|au|jp";
const SAID_TOP_LEVELS = new Set(["com", "org", "net", "dev", "app", "info", "gov", "me"]);
const LABEL = "[a-z0-9-]{1,63}";
/** A host name; one label at least before the ending. */
const HOST = String.raw`(?:${LABEL}\.){1,6}(?:${TOP_LEVELS})`;
/** Marks that end a sentence rather than an address. */
const NO_MARK = String.raw`(?<![.,;:!?)\]])`;
const PATH = String.raw`(?:[/?#][^\s<>"']{0,2000})?`;

function hostWords(host: string): string {
  const labels = host
    .toLowerCase()
    .replace(/^www\./, "")
    .replace(/:\d+$/, "")
    .split(".")
    .filter((label) => label !== "");
  return labels
    .map((label, index) => {
      const words = labelWords(label).replace(/\d+/g, (digits) => digitWords(digits.slice(0, 12)));
      return index === labels.length - 1 && index > 0 && !SAID_TOP_LEVELS.has(label) && label.length === 2
        ? spellOut(label)
        : words;
    })
    .join(" dot ");
}

/** Addresses: the host alone is said. */
export const addressRules: readonly Rule[] = [
  rule(/[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){1,5}/i, ([match]) => {
    const [user = "", host = ""] = match.split("@");
    const userWords = user
      .split(/[._+-]/)
      .filter((part) => part !== "")
      .map((part) => labelWords(part).replace(/\d+/g, (digits) => cardinalWords(digits)));
    return `${userWords.join(" dot ")} at ${hostWords(host)}`;
  }),
  rule(/(?:https?|ftp|wss?):\/\/([^\s<>"'/?#]{1,253})[^\s<>"']{0,2000}(?<![.,;:!?)\]])/i, ([, host = ""]) =>
    hostWords(host),
  ),
  rule(new RegExp(String.raw`www\.[^\s<>"'/?#]{1,200}${PATH}${NO_MARK}`, "i"), ([match]) =>
    hostWords(match.replace(/[/?#].*$/, "")),
  ),
  rule(new RegExp(String.raw`(${HOST})(?![\w-])(?!\.\w)${PATH}${NO_MARK}`, "i"), ([, host = ""]) => hostWords(host)),
];

const ROMANS: Readonly<Record<string, string>> = {
  II: "two",
  III: "three",
  IV: "four",
  VI: "six",
  VII: "seven",
  VIII: "eight",
  IX: "nine",
  XI: "eleven",
  XII: "twelve",
  XIII: "thirteen",
  XIV: "fourteen",
  XV: "fifteen",
  XVI: "sixteen",
  XVII: "seventeen",
  XVIII: "eighteen",
  XIX: "nineteen",
  XXI: "twenty one",
};

export const wordRules: readonly Rule[] = [
  rule(
    new RegExp(String.raw`(?:${anyOf(Object.keys(ABBREVIATIONS))})(?!\p{L})`, "iu"),
    ([match]) => ABBREVIATIONS[match.toLowerCase()],
  ),
  rule(/St\.(?=\s\p{Lu})/u, () => "saint"),
  rule(/St\./, () => "street"),
  rule(/(?:\p{Lu}\.){2,8}/u, ([match]) => spellOut(anyAscii(match))),
  rule(/(?!I)(\p{Lu})\.(?=\s?\p{Lu})/u, ([, letter = ""]) => spellOut(anyAscii(letter))),
  rule(new RegExp(String.raw`(?:${Object.keys(ROMANS).join("|")})(?![\p{L}\d'’])`, "u"), ([match]) => ROMANS[match]),
  rule(
    /([A-Z]{1,4})&([A-Z]{1,4})(?!\w)/,
    ([, first = "", second = ""]) => `${spellOut(first)} and ${spellOut(second)}`,
  ),
  rule(/IPv(?=[46])/, () => "eye pee vee"),
  rule(/\.NET(?!\w)/, () => "dot net"),
  rule(/(\p{L}[\p{L}\d-]{1,40})\.([a-z][a-z0-9]{1,3})(?![\p{L}\d.])/u, ([, name = "", ending = ""]) => {
    const words = name.split(/[^\p{L}]+/u).map((word) => wordWords(anyAscii(word)));
    return `${words.join(" ")} dot ${labelWords(ending)}`;
  }),
  rule(/C\+\+/, () => "see plus plus"),
  rule(/([CF])#/, ([, letter = ""]) => `${spellOut(letter)} sharp`),
];

/** A word in any script, apostrophes inside included. At most 40 letters, so that a wall of them comes apart. */
const WORD =
  /(?:(?!\p{Extended_Pictographic})[\p{L}\p{M}]){1,40}(?:['’](?:(?!\p{Extended_Pictographic})[\p{L}\p{M}]){1,20}(?![\p{L}\p{M}]))?/uy;

/** The word at this place, as written and as said; undefined when there is none. */
export function readWord(text: string, at: number): { written: string; spoken: string } | undefined {
  WORD.lastIndex = at;
  const written = WORD.exec(text)?.[0];
  if (written === undefined) return undefined;
  const latin = /^[A-Za-z'’]+$/.test(written) ? written.replace("’", "'") : anyAscii(written.normalize("NFC"));
  return {
    written,
    spoken: latin
      .split(/[^A-Za-z']+/)
      .filter((part) => part !== "")
      .map(wordWords)
      .join(" "),
  };
}
