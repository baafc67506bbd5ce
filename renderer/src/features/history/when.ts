/** Moments for people, in their own time zone and habits; as they came when they are no dates. */

export function dayWords(at: string): string {
  return format(at, { weekday: "long", day: "numeric", month: "long", year: "numeric" });
}

export function timeWords(at: string): string {
  return format(at, { hour: "2-digit", minute: "2-digit" });
}

function format(at: string, options: Intl.DateTimeFormatOptions): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? at : new Intl.DateTimeFormat("en", options).format(date);
}
