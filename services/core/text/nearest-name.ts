import { wordErrors } from "./word-error-rate";

/** The name with the fewest letters to change, insert or delete; separators and case do not count. The first of equals. */
export function nearestName(text: string, names: readonly string[]): string | undefined {
  const wanted = spaced(text);
  const distanceOf = (name: string): number => wordErrors(spaced(name), wanted).errors;
  const ranked = names.map((name) => ({ name, distance: distanceOf(name) }));
  return ranked.sort((a, b) => a.distance - b.distance)[0]?.name;
}

/** Each letter a word, so that a distance of words is one of letters. */
function spaced(text: string): string {
  return [...text.replaceAll(/[._-]/g, "")].join(" ");
}
