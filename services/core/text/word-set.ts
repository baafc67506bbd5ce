/** The words of a list that is written with spaces between them. */
export function wordSet(text: string): ReadonlySet<string> {
  return new Set(text.split(" "));
}
