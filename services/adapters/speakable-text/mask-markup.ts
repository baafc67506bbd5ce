/**
 * Blanks out what marks text up without being said, keeping every character in its place,
 * so that offsets in the result are offsets in the original.
 */
type Mask = (text: string) => string;

const blank = (match: string): string => match.replace(/[^\n]/g, " ");

/** Blanks all of a match but its group `kept`. */
function keepGroup(pattern: RegExp): Mask {
  return (text) =>
    text.replace(pattern, (match: string, kept: string) => {
      const at = match.indexOf(kept, match.indexOf("[") + 1);
      return `${blank(match.slice(0, at))}${kept}${blank(match.slice(at + kept.length))}`;
    });
}

const remove =
  (pattern: RegExp): Mask =>
  (text) =>
    text.replace(pattern, blank);

const ENTITIES: Readonly<Record<string, string>> = {
  "amp": "&",
  "lt": "<",
  "gt": ">",
  "quot": '"',
  "apos": "'",
  "nbsp": " ",
  "#39": "'",
};

function maskEntities(text: string): string {
  return text.replace(/&(#?[a-z0-9]{2,6});/gi, (match: string, name: string) =>
    (ENTITIES[name.toLowerCase()] ?? " ").padEnd(match.length),
  );
}

const TABLE_RULE_CHARS = /^[\s:|+-]+$/;

/** Lines of a table: cells get pauses between them; the line of dashes says nothing. */
function maskTableLine(line: string): string {
  if (line.length > 2 && /[-=]{2}/.test(line) && TABLE_RULE_CHARS.test(line)) return blank(line);
  const bars = line.split("|").length - 1;
  if (bars < 2) return line;
  const first = line.indexOf("|");
  const last = line.lastIndexOf("|");
  return line.replace(/\|/g, (bar, at: number) => {
    const isEdge =
      (at === first && line.slice(0, at).trim() === "") || (at === last && line.slice(at + 1).trim() === "");
    return isEdge ? " " : bar === "|" ? "," : bar;
  });
}

function maskLine(line: string): string {
  const started = line
    .replace(/^[ \t]*(?:>[ \t]?)+/, blank)
    .replace(/^[ \t]*#{1,6}(?=\s)/, blank)
    .replace(/^[ \t]*[-*+•·‣](?=\s)/, blank)
    .replace(/^[ \t]*\[[ xX]\](?=\s)/, blank)
    .replace(/^[ \t]*\[[^\]\n]{1,60}\]:[ \t]*\S+.*$/, blank);
  if (/^[ \t]*(?:[-*_=][ \t]*){3,}$/.test(started)) return blank(started);
  return maskTableLine(started);
}

const masks: readonly Mask[] = [
  // Fenced code, closed or not, says nothing.
  remove(/(```|~~~)[\s\S]*?(?:\1|$)/g),
  remove(/<!--[\s\S]{0,2000}?-->/g),
  remove(/<\/?[a-z][a-z0-9]{0,15}(?:\s[^<>\n]{0,300})?\/?>/gi),
  maskEntities,
  (text) => text.split("\n").map(maskLine).join("\n"),
  remove(/\[\^[^\]\n]{1,20}\]/g),
  keepGroup(/!?\[([^[\]\n]{1,500})\]\([^()\n]{0,1000}\)/g),
  keepGroup(/!?\[([^[\]\n]{1,500})\]\[[^[\]\n]{0,100}\]/g),
  remove(/`+/g),
  remove(/~~+/g),
  // Emphasis touches a word on one side at least; a product stands between digits or blanks.
  remove(/(?<![\d*])\*{1,3}(?=[^\s*])|(?<=[^\s*])\*{1,3}(?![\d*])|\*{2,}/g),
  remove(/_/g),
  remove(/\\(?=[\\`*_{}[\]()#+.!|-])/g),
];

export function maskMarkup(text: string): string {
  return masks.reduce((masked, mask) => mask(masked), text);
}
