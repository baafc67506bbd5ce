import { ToWords } from "to-words/en-US";

const toWords = new ToWords();

const DIGITS = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"];
/** Longer numbers are read digit by digit: nobody follows a name for them. */
const MAX_NAMED_DIGITS = 15;

/** "007" → "zero zero seven". Anything but digits is left out. */
export function digitWords(digits: string): string {
  return [...digits]
    .map((digit) => DIGITS[Number(digit)] ?? "")
    .filter((word) => word !== "")
    .join(" ");
}

function plainDigits(text: string): string {
  return text.replace(/[^\d]/g, "");
}

/** A whole number with or without thousands separators: "1,234" → "one thousand two hundred thirty four". */
export function cardinalWords(text: string): string {
  const digits = plainDigits(text);
  if (digits.length > MAX_NAMED_DIGITS || (digits.length > 1 && digits.startsWith("0"))) return digitWords(digits);
  return toWords.convert(BigInt(digits === "" ? "0" : digits)).toLowerCase();
}

/** "21" → "twenty first". */
export function ordinalWords(text: string): string {
  const digits = plainDigits(text);
  if (digits.length > MAX_NAMED_DIGITS) return digitWords(digits);
  const words = toWords.toOrdinal(Number(digits)).toLowerCase();
  return /^10+$/.test(digits) ? words.replace(/^one /, "") : words;
}

/** A number as written: thousands separators, decimals, a leading minus or plus. */
export function numberWords(text: string): string {
  const sign = /^[-−]/.test(text) ? "minus " : text.startsWith("+") ? "plus " : "";
  const [whole = "", decimals = ""] = text.replace(/^[-−+]/, "").split(".");
  const wholeWords =
    whole === "" ? "zero" : /^0\d/.test(whole) && decimals !== "" ? digitWords(whole) : cardinalWords(whole);
  return `${sign}${wholeWords}${decimals === "" ? "" : ` point ${digitWords(decimals)}`}`;
}

/** As years are said: "nineteen eighty four", "nineteen oh five", "two thousand nine", "twenty twenty six". */
export function yearWords(text: string): string {
  const year = Number(text);
  if (text.length !== 4 || year < 1000 || (year >= 2000 && year < 2010) || year % 1000 === 0)
    return cardinalWords(text);
  const century = cardinalWords(text.slice(0, 2));
  const rest = year % 100;
  if (rest === 0) return `${century} hundred`;
  return `${century} ${rest < 10 ? "oh " : ""}${cardinalWords(String(rest))}`;
}

/** Whether a bare number of four digits is more likely a year than a count. */
export function looksLikeYear(text: string): boolean {
  return (
    /^\d{4}$/.test(text) &&
    ((Number(text) >= 1100 && Number(text) < 2000) || (Number(text) >= 2010 && Number(text) < 2100))
  );
}

/** "thirty" → "thirties", "six" → "sixes". */
export function pluralWord(words: string): string {
  if (words.endsWith("y")) return `${words.slice(0, -1)}ies`;
  return /(?:x|s|ch|sh)$/.test(words) ? `${words}es` : `${words}s`;
}

/** "3/4" → "three quarters"; undefined when it is no fraction that has a short name. */
export function fractionWords(numerator: number, denominator: number): string | undefined {
  if (numerator < 1 || numerator >= denominator || denominator > 20) return undefined;
  const part = denominator === 2 ? "half" : denominator === 4 ? "quarter" : ordinalWords(String(denominator));
  return numerator === 1
    ? `one ${part}`
    : `${cardinalWords(String(numerator))} ${part === "half" ? "halves" : pluralWord(part)}`;
}
