import type { ResolvedKey } from "./resolve-config";

/** A value as anybody may see it: secrets are hidden, also the password inside an address. Undefined: there is none. */
export function shownValue({ key, value }: ResolvedKey): unknown {
  if (key.isSecret && value !== undefined) return "(hidden)";
  return withoutPasswords(value);
}

function withoutPasswords(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutPasswords);
  if (typeof value !== "string") return value;
  return value.replace(/(:\/\/[^:@/\s]*):.*@/, "$1:(hidden)@").replace(/(https?:\/\/)[^@/\s]+@/, "$1(hidden)@");
}
