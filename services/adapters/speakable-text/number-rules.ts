import {
  cardinalWords,
  digitWords,
  fractionWords,
  looksLikeYear,
  numberWords,
  ordinalWords,
  yearWords,
} from "./number-words";
import { anyOf, isOne, NUMBER, NUMBER_END, rule, type Rule } from "./rule";
import { CURRENCIES, SCALES, UNITS } from "./vocabulary";

const CURRENCY = anyOf(Object.keys(CURRENCIES));
const SCALE = anyOf(Object.keys(SCALES));
const UNIT = anyOf(Object.keys(UNITS));
const SIGN = "[-−]?";
/** A unit's last letter is the word's last. */
const UNIT_END = String.raw`(?![\p{L}\d])`;

function moneyWords(money: { sign: string; amount: string; currency: string; scale?: string }): string | undefined {
  const names = CURRENCIES[money.currency];
  if (names === undefined) return undefined;
  const [one, many, hundredth, hundredths] = names;
  const minus = money.sign === "" ? "" : "minus ";
  if (money.scale !== undefined) return `${minus}${numberWords(money.amount)} ${SCALES[money.scale] ?? ""} ${many}`;
  const [whole = "0", decimals = ""] = money.amount.split(".");
  if (decimals.length !== 2) return `${minus}${numberWords(money.amount)} ${isOne(money.amount) ? one : many}`;
  const parts: string[] = [];
  const count = Number(decimals);
  if (Number(whole.replace(/,/g, "")) !== 0 || count === 0)
    parts.push(`${cardinalWords(whole)} ${isOne(whole) ? one : many}`);
  if (count > 0) parts.push(`${cardinalWords(String(count))} ${count === 1 ? hundredth : hundredths}`);
  return `${minus}${parts.join(" and ")}`;
}

function unitWords(amount: string, unit: string): string {
  const [one, many] = UNITS[unit] ?? [unit, unit];
  return `${numberWords(amount)} ${isOne(amount.replace(/^[-−+]/, "")) ? one : many}`;
}

function plainWords(text: string): string {
  return looksLikeYear(text) ? yearWords(text) : numberWords(text);
}

const phoneWords = (text: string): string => (text.match(/\d+/g) ?? []).map(digitWords).join(" ");

/** Money, measures, ranges, fractions, telephone numbers, versions, ordinals and bare numbers; the more special come first. */
export const numberRules: readonly Rule[] = [
  rule(
    new RegExp(
      `(${CURRENCY})\\s?(${NUMBER})\\s?[–—-]\\s?(?:${CURRENCY})?\\s?(${NUMBER})${NUMBER_END}(?:\\s?(${SCALE})${UNIT_END})?`,
    ),
    ([match, currency = "", from = "", amount = "", scale]) => {
      if (/\s-\s/.test(match)) return undefined;
      const isWithHundredths = scale === undefined && /\.\d\d$/.test(from);
      const fromWords = isWithHundredths ? moneyWords({ sign: "", amount: from, currency }) : numberWords(from);
      return `${fromWords ?? ""} to ${moneyWords({ sign: "", amount, currency, scale }) ?? ""}`;
    },
  ),
  rule(
    new RegExp(`(${SIGN})(${CURRENCY})\\s?(${NUMBER})${NUMBER_END}(?:\\s?(${SCALE})${UNIT_END})?`),
    ([, sign = "", currency = "", amount = "", scale]) => moneyWords({ sign, amount, currency, scale }),
  ),
  rule(
    new RegExp(`(${SIGN})(${NUMBER})(?:\\s?(${SCALE}))?\\s?(${CURRENCY})${UNIT_END}`),
    ([, sign = "", amount = "", scale, currency = ""]) => moneyWords({ sign, amount, currency, scale }),
  ),
  rule(/(?:\+\d{1,3}[\s.-]?)?(?:\(\d{2,4}\)\s?|\d{3}[\s.-])\d{3}[\s.-]\d{4}(?![\d-])/, ([match]) => phoneWords(match)),
  rule(/\d{3}-\d{4}(?![\d-])/, ([match]) => phoneWords(match)),
  rule(/\+\d{1,3}(?:[\s-]?\d{2,5}){2,5}(?!\d)/, ([match]) => `plus ${phoneWords(match)}`),
  rule(
    /v(\d{1,6}(?:\.\d{1,6}){0,4})(?![\w.]\d|\w)/i,
    ([, version = ""]) => `version ${version.split(".").map(cardinalWords).join(" point ")}`,
  ),
  rule(/\d{1,6}(?:\.\d{1,6}){2,6}(?!\w|\.\d)/, ([match]) => match.split(".").map(cardinalWords).join(" point ")),
  rule(
    /(\d)['’′](\d{1,2})["”″]/,
    ([, feet = "", inches = ""]) => `${cardinalWords(feet)} foot ${cardinalWords(inches)}`,
  ),
  rule(
    /(\d{1,6})x(\d{1,6})(?!\w)/,
    ([, width = "", height = ""]) => `${cardinalWords(width)} by ${cardinalWords(height)}`,
  ),
  rule(new RegExp(`(${NUMBER})x(?!\\w)`), ([, count = ""]) => `${numberWords(count)} times`),
  rule(/([48])K(?!\w)/, ([, thousands = ""]) => `${cardinalWords(thousands)} kay`),
  rule(/24\/7(?!\d)/, () => "twenty four seven"),
  rule(/(?:(\d{1,6})\s)?(\d{1,2})\/(\d{1,2})(?![\d/])/, ([, whole, numerator, denominator]) => {
    const fraction = fractionWords(Number(numerator), Number(denominator));
    if (fraction === undefined) return undefined;
    return whole === undefined
      ? fraction
      : `${cardinalWords(whole)} and ${fraction.replace(/^one half$/, "a half").replace(/^one /, "a ")}`;
  }),
  rule(/(\d{1,6})\s?([½⅓⅔¼¾])/, ([, whole = "", sign = ""]) => {
    const fractions: Record<string, string> = {
      "½": "a half",
      "⅓": "a third",
      "⅔": "two thirds",
      "¼": "a quarter",
      "¾": "three quarters",
    };
    return `${cardinalWords(whole)} and ${fractions[sign] ?? ""}`;
  }),
  rule(/\d{1,6}(?:-\d{1,7}){2,6}(?![\w-])/, ([match]) =>
    /^[1-9]\d?(?:-[1-9]\d?)+$/.test(match) ? match.split("-").map(cardinalWords).join(" ") : phoneWords(match),
  ),
  rule(
    new RegExp(`(${NUMBER})\\s?[–—-]\\s?(${NUMBER})${NUMBER_END}(?:\\s?(${UNIT})${UNIT_END})?`),
    ([match, from = "", to = "", unit]) => {
      // With blanks around a plain hyphen it is a subtraction, which the signs between numbers tell.
      if (/\s-\s/.test(match)) return undefined;
      return `${plainWords(from)} to ${unit === undefined ? plainWords(to) : unitWords(to, unit)}`;
    },
  ),
  rule(
    new RegExp(`(${SIGN}${NUMBER})${NUMBER_END}(?:\\s|-(?=\\p{L}))?(${UNIT})${UNIT_END}`),
    ([, amount = "", unit = ""]) => unitWords(amount, unit),
  ),
  rule(
    new RegExp(`(${SIGN}${NUMBER})${NUMBER_END}\\s?(k|K|bn|tn)${UNIT_END}`),
    ([, amount = "", scale = ""]) => `${numberWords(amount)} ${SCALES[scale] ?? ""}`,
  ),
  rule(
    /(\d{1,9})(?:st|nd|rd|th)\s?[–—-]\s?(\d{1,9})(?:st|nd|rd|th)(?![\p{L}\d])/u,
    ([, from = "", to = ""]) => `${ordinalWords(from)} to ${ordinalWords(to)}`,
  ),
  rule(/(\d{1,3}(?:,\d{3}){1,4}|\d{1,9})(?:st|nd|rd|th)(?![\p{L}\d])/u, ([, digits = ""]) => ordinalWords(digits)),
  rule(/(?:No|Nr|no)\.\s?(\d{1,9})/, ([, digits = ""]) => `number ${cardinalWords(digits)}`),
  rule(/#(\d{1,9})(?![\w])/, ([, digits = ""]) => `number ${cardinalWords(digits)}`),
  rule(/~\s?(?=\d)/, () => "about"),
  rule(new RegExp(`[-−]\\.?${NUMBER}`), ([match]) => numberWords(match)),
  rule(/\.\d{1,12}/, ([match]) => numberWords(match)),
  rule(new RegExp(NUMBER), ([match]) => plainWords(match)),
];
