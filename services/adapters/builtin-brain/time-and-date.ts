import { sayNumber, sayOrdinal, sayYear } from "./number-words";
import type { Skill } from "./skill";

const days = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];
const months = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
];

/** "ten fifteen in the morning", "noon", "a minute"-exact. In the computer's own time zone. */
export function sayTime(time: Date): string {
  const hour = time.getHours();
  const minute = time.getMinutes();
  if (minute === 0 && hour === 12) return "twelve o'clock noon";
  if (minute === 0 && hour === 0) return "midnight";
  const saidHour = sayNumber(hour % 12 === 0 ? 12 : hour % 12) ?? "";
  const saidMinute =
    minute === 0 ? "o'clock" : minute < 10 ? `oh ${sayNumber(minute) ?? ""}` : (sayNumber(minute) ?? "");
  const part =
    hour < 5
      ? "at night"
      : hour < 12
        ? "in the morning"
        : hour < 18
          ? "in the afternoon"
          : hour < 22
            ? "in the evening"
            : "at night";
  return `${saidHour} ${saidMinute} ${part}`;
}

/** "Monday, the second of March, twenty twenty-six". */
export function sayDate(date: Date): string {
  return `${days[date.getDay()] ?? ""}, the ${sayOrdinal(date.getDate())} of ${months[date.getMonth()] ?? ""}, ${sayYear(date.getFullYear())}`;
}

function shifted(date: Date, dayCount: number): Date {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + dayCount, 12);
}

const shifts: readonly (readonly [RegExp, number, string])[] = [
  [/\bday after tomorrow\b/, 2, "The day after tomorrow is"],
  [/\bday before yesterday\b/, -2, "The day before yesterday was"],
  [/\btomorrow\b/, 1, "Tomorrow is"],
  [/\byesterday\b/, -1, "Yesterday was"],
];
const asksTime =
  /\bwhat time (?:is it|it is|do (?:we|you) have)\b|^what time(?: now)?$|\bwhat is the (?:current |exact )?time(?! of)\b|\b(?:tell me|give me|do you know|do you have|have you got|got) the (?:current |exact )?time(?! of)\b|^(?:the )?(?:current )?time(?: now)?$/;
const elsewhere = /\btime\b.* in (?!the\b|here\b)([a-z]+(?: [a-z]+)?)$/;
const asksDate =
  /\b(?:what|which|tell me|know)\b.*\b(?:date|day|weekday)\b.*\b(?:is it|today|tomorrow|yesterday|is this|we have|now|it is)\b|\b(?:what|tell me)\b.*\bdate\b|\b(?:what|which)\b.*\b(?:day|weekday) (?:is|was|will)\b|^(?:what is )?(?:the )?(?:date|today|day today|tomorrow|today's date)$|^what (?:is|about|was) (?:today|tomorrow|yesterday)(?:'s date)?$|\btoday's date\b/;

export const timeSkill: Skill = ({ plain }, { wallTime }) => {
  if (!asksTime.test(plain)) return undefined;
  if (elsewhere.test(plain)) return `I only know the time of this computer, and here it is ${sayTime(wallTime)}.`;
  return `It is ${sayTime(wallTime)}.`;
};

export const dateSkill: Skill = ({ plain }, { wallTime }) => {
  if (/\b(?:what|which)\b.*\byear\b.*\b(?:is it|is this|now|we in|have)\b|^what is the year$/.test(plain))
    return `It is the year ${sayYear(wallTime.getFullYear())}.`;
  if (/\b(?:what|which)\b.*\bmonth\b.*\b(?:is it|is this|now|we in|have)\b|^what is the month$/.test(plain))
    return `It is ${months[wallTime.getMonth()] ?? ""}.`;
  if (!asksDate.test(plain)) return undefined;
  for (const [pattern, dayCount, words] of shifts) {
    if (pattern.test(plain)) return `${words} ${sayDate(shifted(wallTime, dayCount))}.`;
  }
  return `Today is ${sayDate(wallTime)}.`;
};
