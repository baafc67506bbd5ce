import { cardinalWords, ordinalWords, pluralWord, yearWords } from "./number-words";
import { rule, type Rule } from "./rule";
import { MONTH_PATTERN, monthName } from "./vocabulary";

function isDay(text: string): boolean {
  return Number(text) >= 1 && Number(text) <= 31;
}

/** "march third, twenty twenty six"; undefined when there is no such date. */
function dateWords(date: { month: number | string; day: string; year?: string }): string | undefined {
  const month = monthName(date.month);
  if (month === undefined || !isDay(date.day)) return undefined;
  const fullYear = date.year?.length === 2 ? `${Number(date.year) < 70 ? "20" : "19"}${date.year}` : date.year;
  return `${month} ${ordinalWords(date.day)}${fullYear === undefined ? "" : ` ${yearWords(fullYear)}`}`;
}

function timeWords(time: { hours: string; minutes: string; seconds?: string; half?: string }): string | undefined {
  const hours = Number(time.hours);
  const minutes = Number(time.minutes);
  if (hours > 24 || minutes > 59) return undefined;
  const half = time.half === undefined ? "" : /^a/i.test(time.half) ? " ay em" : " pee em";
  const spokenHours = cardinalWords(String(hours));
  const seconds =
    time.seconds === undefined
      ? ""
      : ` and ${cardinalWords(String(Number(time.seconds)))} second${Number(time.seconds) === 1 ? "" : "s"}`;
  if (minutes === 0 && seconds === "")
    return half !== ""
      ? `${spokenHours}${half}`
      : hours <= 12 && hours > 0
        ? `${spokenHours} o'clock`
        : `${spokenHours} hundred`;
  const spokenMinutes = minutes === 0 ? "hundred" : `${minutes < 10 ? "oh " : ""}${cardinalWords(String(minutes))}`;
  return `${spokenHours} ${spokenMinutes}${seconds}${half}`;
}

const HALF = String.raw`(?:\s?([ap](?:\.m\.|m)(?!\w)))`;
const TIME = String.raw`(\d{1,2})(?::(\d{2}))?${HALF}?`;

/** One end of a span of time: the bare hour where nothing says more. */
function spanEndWords(time: { hours: string; minutes?: string; half?: string }): string | undefined {
  if (time.minutes === undefined && time.half === undefined) return cardinalWords(time.hours);
  return timeWords({ ...time, minutes: time.minutes ?? "00" });
}

/** Dates, times of day, years that are marked as such. */
export const calendarRules: readonly Rule[] = [
  rule(
    /(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::\d{2}(?:\.\d{1,9})?)?(?:Z|[+-]\d{2}:?\d{2})?)?(?![\w-])/,
    ([, year, month, day = "", hours, minutes = ""]) => {
      const date = dateWords({ year, month: Number(month), day: String(Number(day)) });
      const time = hours === undefined ? "" : timeWords({ hours, minutes });
      return date === undefined || time === undefined ? undefined : `${date} ${time}`;
    },
  ),
  rule(
    /(\d{1,2})([/.-])(\d{1,2})\2(\d{4}|(?<!-)\d{2})(?![\w/-]|\.\d)/,
    ([, first = "", separator, second = "", year]) => {
      // With strokes the month comes first as in America, unless that cannot be; with dots the day does.
      const isDayFirst = separator === "." || Number(first) > 12;
      return dateWords({ month: Number(isDayFirst ? second : first), day: isDayFirst ? first : second, year });
    },
  ),
  rule(
    new RegExp(
      String.raw`(\d{1,2})(?:st|nd|rd|th)?\s(of\s)?(${MONTH_PATTERN})\b(?:\.(?=[\s,]))?(?:,?\s(\d{4})(?![\d,.]*\d))?`,
    ),
    ([, day = "", of, month = "", year]) =>
      of === undefined || !isDay(day)
        ? dateWords({ month, day, year })
        : `${ordinalWords(day)} of ${monthName(month) ?? ""}${year === undefined ? "" : ` ${yearWords(year)}`}`,
  ),
  rule(
    new RegExp(
      String.raw`(${MONTH_PATTERN})\b\.?\s(\d{1,2})(?:st|nd|rd|th)?(?![\d:]|[.,]\d|\s?[ap]m)(?:,?\s(\d{4})(?![\d,.]*\d))?`,
    ),
    ([, month = "", day = "", year]) => dateWords({ month, day, year }),
  ),
  rule(
    new RegExp(String.raw`(${MONTH_PATTERN})\b\.?\s(\d{4})(?![\d,.]*\d)`),
    ([, month = "", year = ""]) => `${monthName(month) ?? ""} ${yearWords(year)}`,
  ),
  rule(
    new RegExp(String.raw`${TIME}\s?[–—-]\s?${TIME}(?![\d:])`, "i"),
    ([, fromHours = "", fromMinutes, fromHalf, toHours = "", toMinutes, toHalf]) => {
      if ([fromMinutes, fromHalf, toMinutes, toHalf].every((part) => part === undefined)) return undefined;
      const from = spanEndWords({ hours: fromHours, minutes: fromMinutes, half: fromHalf });
      const to = spanEndWords({ hours: toHours, minutes: toMinutes, half: toHalf });
      return from === undefined || to === undefined ? undefined : `${from} to ${to}`;
    },
  ),
  rule(
    new RegExp(String.raw`(\d{1,2}):(\d{2})(?::(\d{2}))?(?!\d)${HALF}?`, "i"),
    ([, hours = "", minutes = "", seconds, half]) => timeWords({ hours, minutes, seconds, half }),
  ),
  rule(new RegExp(String.raw`(\d{1,2})${HALF}`, "i"), ([, hours = "", half]) =>
    timeWords({ hours, minutes: "00", half }),
  ),
  rule(/(1[1-9]|20)(\d)0s\b/, ([, century = "", decade = ""]) =>
    decade === "0"
      ? `${cardinalWords(century)} hundreds`
      : `${cardinalWords(century)} ${pluralWord(cardinalWords(`${decade}0`))}`,
  ),
  rule(/['’]([2-9])0s\b/, ([, decade = ""]) => pluralWord(cardinalWords(`${decade}0`))),
];
