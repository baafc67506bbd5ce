/** Figures for people; each has a unit that fits its size. */

const MS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;
const SECONDS_PER_HOUR = 3600;
const SECONDS_PER_DAY = 86_400;
const BYTE_UNITS = ["B", "KiB", "MiB", "GiB", "TiB"] as const;

export function formatBytes(bytes: number): string {
  const power = bytes < 1 ? 0 : Math.min(BYTE_UNITS.length - 1, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1024 ** power;
  return `${power === 0 || value >= 100 ? Math.round(value) : value.toFixed(1)} ${BYTE_UNITS[power] ?? "B"}`;
}

/** Two digits that count: 0.14 ms, 3.2 ms, 48 ms, 1.2 s. */
export function formatMs(durationMs: number): string {
  if (durationMs >= MS_PER_SECOND) return `${(durationMs / MS_PER_SECOND).toFixed(1)} s`;
  const digits = durationMs >= 10 ? 0 : durationMs >= 1 ? 1 : 2;
  return `${durationMs.toFixed(digits)} ms`;
}

/** The two largest units: 3 d 4 h, 5 min 10 s, 12 s. */
export function formatUptime(seconds: number): string {
  const whole = Math.floor(seconds);
  const days = Math.floor(whole / SECONDS_PER_DAY);
  const hours = Math.floor((whole % SECONDS_PER_DAY) / SECONDS_PER_HOUR);
  const minutes = Math.floor((whole % SECONDS_PER_HOUR) / SECONDS_PER_MINUTE);
  if (days > 0) return `${days} d ${hours} h`;
  if (hours > 0) return `${hours} h ${minutes} min`;
  if (minutes > 0) return `${minutes} min ${whole % SECONDS_PER_MINUTE} s`;
  return `${whole} s`;
}

export function formatAge(ageMs: number): string {
  return ageMs < MS_PER_SECOND ? "now" : `${formatUptime(ageMs / MS_PER_SECOND)} ago`;
}

/** `ratio` from 0 to 1. */
export function formatPercent(ratio: number): string {
  return `${(ratio * 100).toFixed(ratio > 0.995 && ratio < 1 ? 2 : 0)} %`;
}

export function formatCount(count: number): string {
  return count.toLocaleString("en", { maximumFractionDigits: count < 10 ? 1 : 0 });
}

/** `one` as it stands for 1; others take `many`, or an s. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}
