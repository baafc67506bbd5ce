import { ToWords } from "to-words/en-US";

const units = new Map(
  "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
    .split(" ")
    .map((word, value) => [word, value]),
);
const tens = new Map(
  "twenty thirty forty fifty sixty seventy eighty ninety".split(" ").map((word, index) => [word, (index + 2) * 10]),
);
const scales = new Map([
  ["thousand", 1e3],
  ["million", 1e6],
  ["billion", 1e9],
  ["trillion", 1e12],
]);
units.set("oh", 0).set("nought", 0).set("naught", 0).set("nil", 0);
tens.set("fourty", 40);

/** Words of which numbers are made; "and" and "a" only between others. */
export function isNumberWord(word: string): boolean {
  return (
    /^\d[\d,]*(?:\.\d+)?$/.test(word) ||
    units.has(word) ||
    tens.has(word) ||
    scales.has(word) ||
    ["hundred", "dozen", "point", "half", "quarter"].includes(word)
  );
}

/**
 * Reads a whole phrase as one number: "a hundred and five", "twenty seven", "three point one four", "two and a half",
 * "1,000", "5 million", "minus six", "nineteen eighty four". Undefined when any word does not belong to a number.
 */
export function parseNumber(phrase: string): number | undefined {
  const words = phrase
    .trim()
    .replaceAll("-", " ")
    .split(/\s+/)
    .filter((word) => word !== "");
  const first = words[0];
  if (first === "minus" || first === "negative") {
    const positive = parseUnsigned(words.slice(1));
    return positive === undefined ? undefined : -positive;
  }
  return parseUnsigned(words);
}

function parseUnsigned(words: readonly string[]): number | undefined {
  const phrase = words.join(" ");
  if (/^(?:a |one )?half$/.test(phrase)) return 0.5;
  if (/^(?:a |one )?quarter$/.test(phrase)) return 0.25;
  const fraction = /^(.+) and (a half|a quarter|three quarters)$/.exec(phrase);
  if (fraction?.[1] !== undefined) {
    const whole = parseWhole(fraction[1].split(" "));
    return whole === undefined
      ? undefined
      : whole + (fraction[2] === "a half" ? 0.5 : fraction[2] === "a quarter" ? 0.25 : 0.75);
  }
  const point = words.indexOf("point");
  if (point === -1) return parseWhole(words);
  const whole = point === 0 ? 0 : parseWhole(words.slice(0, point));
  const digits = words.slice(point + 1).map((word) => (/^\d+$/.test(word) ? word : digitOf(word)));
  if (whole === undefined || digits.length === 0 || digits.includes(undefined)) return undefined;
  return Number(`${whole}.${digits.join("")}`);
}

function digitOf(word: string): string | undefined {
  const value = units.get(word);
  return value === undefined || value > 19 ? undefined : String(value);
}

/** Below this, `current` collects; `hundred` multiplies it, a scale moves it to the total. */
function parseWhole(words: readonly string[]): number | undefined {
  let total = 0;
  let current: number | undefined;
  let lastScale = Infinity;
  for (const [index, word] of words.entries()) {
    const value =
      /^\d/.test(word) && isNumberWord(word) ? Number(word.replaceAll(",", "")) : (units.get(word) ?? tens.get(word));
    const scale = scales.get(word);
    if (value !== undefined) {
      current = joinValue(current, value);
      if (current === undefined) return undefined;
    } else if (word === "hundred" || word === "dozen") {
      if (current !== undefined && current >= 100) return undefined;
      current = (current ?? 1) * (word === "hundred" ? 100 : 12);
    } else if (scale !== undefined) {
      if (scale >= lastScale) return undefined;
      total += (current ?? 1) * scale;
      current = undefined;
      lastScale = scale;
    } else if (!isFiller(words, index)) {
      return undefined;
    }
  }
  return current === undefined && lastScale === Infinity ? undefined : total + (current ?? 0);
}

function joinValue(current: number | undefined, value: number): number | undefined {
  if (current === undefined) return value;
  if (current >= 100 && current % 100 === 0 && value < 100) return current + value;
  if (current % 10 === 0 && current % 100 >= 20 && value > 0 && value < 10) return current + value;
  // Years: "nineteen eighty four".
  if (current >= 10 && current < 100 && value >= 10 && value < 100) return current * 100 + value;
  return undefined;
}

/** "a" before hundred and the like, "and" behind one. */
function isFiller(words: readonly string[], index: number): boolean {
  const next = words[index + 1] ?? "";
  if (words[index] === "a") return index === 0 && (next === "hundred" || next === "dozen" || scales.has(next));
  const previous = words[index - 1] ?? "";
  return words[index] === "and" && (previous === "hundred" || scales.has(previous)) && isNumberWord(next);
}

const toWords = new ToWords();
const LARGEST = 1e15;

function hyphenated(words: string): string {
  return words
    .toLowerCase()
    .replace(
      /\b(twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety) (one|two|three|four|five|six|seven|eight|nine)\b/g,
      "$1-$2",
    );
}

/** In words, for the ear; decimals digit by digit, at most four of them. Undefined: too large or not a number. */
export function sayNumber(value: number): string | undefined {
  if (!Number.isFinite(value) || Math.abs(value) >= LARGEST) return undefined;
  const rounded = Number(Math.abs(value).toFixed(4));
  const [whole = "0", decimals] = rounded
    .toFixed(4)
    .replace(/\.?0+$/, "")
    .split(".");
  const sign = value < 0 && rounded !== 0 ? "minus " : "";
  const said = hyphenated(toWords.convert(Number(whole)));
  return decimals === undefined
    ? sign + said
    : `${sign}${said} point ${[...decimals].map((digit) => hyphenated(toWords.convert(Number(digit)))).join(" ")}`;
}

/** "second", "twenty-first". */
export function sayOrdinal(value: number): string {
  return toWords
    .toOrdinal(value)
    .toLowerCase()
    .replace(/^(twenty|thirty) /, "$1-");
}

/** "twenty twenty-six", "two thousand five", "nineteen hundred". */
export function sayYear(year: number): string {
  const rest = year % 100;
  const century = sayNumber(Math.floor(year / 100)) ?? "";
  if (year < 1000 || year > 9999 || (year % 1000 < 10 && year >= 2000)) return sayNumber(year) ?? "";
  if (rest === 0) return `${century} hundred`;
  return rest < 10 ? `${century} oh ${sayNumber(rest) ?? ""}` : `${century} ${sayNumber(rest) ?? ""}`;
}
