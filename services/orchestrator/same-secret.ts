import { createHash, timingSafeEqual } from "node:crypto";

/** Compares in constant time; hashing first hides the lengths. */
export function isSameSecret(expected: string, given: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(expected), digest(given));
}
