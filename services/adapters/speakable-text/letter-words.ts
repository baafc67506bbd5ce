/** Names of the letters in words that an English voice reads as they sound. */
const LETTER_NAMES: Readonly<Record<string, string>> = {
  a: "ay",
  b: "bee",
  c: "see",
  d: "dee",
  e: "ee",
  f: "eff",
  g: "jee",
  h: "aitch",
  i: "eye",
  j: "jay",
  k: "kay",
  l: "el",
  m: "em",
  n: "en",
  o: "oh",
  p: "pee",
  q: "cue",
  r: "are",
  s: "ess",
  t: "tee",
  u: "you",
  v: "vee",
  w: "double you",
  x: "ex",
  y: "why",
  z: "zee",
};

/** Capital words that are said as words although they are short or have few vowels. */
const SAID_AS_WORDS = new Set(
  (
    "NASA NATO UNESCO UNICEF OPEC AIDS RADAR LASER SCUBA RAM ROM SIM PIN GIF JPEG ASCII JSON YAML TOML REST CRUD SOAP AJAX WASM " +
    "FAQ COVID OLED CAPTCHA SONAR SWAT FIFA NAFTA ASEAN PIN ZIP " +
    "A AM AN AND ARE AS AT BE BUT BY CAN DID DO FOR GET GO HAD HAS HE HER HIM HIS HOW IF IN IS IT LET ME MY NEW NO NOR NOT NOW OF OFF " +
    "OH ON ONE OR OUR OUT SAY SEE SHE SO THE TO TOO TWO UP USE WAS WAY WE WHO WHY WIN YES YET YOU ALL ANY ASK BAD BIG DAY END FUN " +
    "GOT HEY HI HOT JOB LOT MAN MAY OLD OUT OWN PUT RED RUN SET SIT TEN TOP TRY"
  ).split(" "),
);

const SPELLED = new Set("ASAP AKA IEEE EPUB AAA IOT IPO IOS ADHD AIIO UAE EU AI OS UI UX ID IO API".split(" "));

/** Spoken forms of words that letters alone do not tell. */
const SPECIAL: Readonly<Record<string, string>> = {
  ok: "okay",
  phd: "pee aitch dee",
  ios: "eye oh ess",
  macos: "mac oh ess",
  sql: "ess cue el",
  wifi: "why fie",
  tv: "tee vee",
  ceo: "see ee oh",
  vs: "versus",
  mr: "mister",
  mrs: "missus",
  dr: "doctor",
  etc: "et cetera",
  llm: "el el em",
  gpt: "jee pee tee",
  pm: "pee em",
};

export function spellOut(letters: string): string {
  return [...letters.toLowerCase()]
    .map((letter) => LETTER_NAMES[letter] ?? "")
    .filter((name) => name !== "")
    .join(" ");
}

function isSpelled(capitals: string): boolean {
  if (SAID_AS_WORDS.has(capitals)) return false;
  if (SPELLED.has(capitals) || !/[AEIOUY]/.test(capitals)) return true;
  return capitals.length <= 3;
}

/**
 * One written word (Latin letters and apostrophes) as it is said. Acronyms are spelled where people spell them;
 * words joined by capitals inside ("JavaScript") come apart.
 */
export function wordWords(written: string): string {
  const special = SPECIAL[written.toLowerCase()];
  if (special !== undefined) return special;
  if (written === "I" || written === "A" || /^'?[a-z']+$/.test(written)) return written.toLowerCase();
  const plural = /^([A-Z]{2,})('?s)$/.exec(written);
  if (plural?.[1] !== undefined && isSpelled(plural[1])) return `${spellOut(plural[1])}'s`;
  if (/^[A-Z]+$/.test(written))
    return written.length === 1 || isSpelled(written) ? spellOut(written) : written.toLowerCase();
  if (/^(?:Mc|Mac|O'|D')[A-Z][a-z]+$/.test(written) || /^[A-Z]?[a-z']+$/.test(written)) return written.toLowerCase();
  const parts = written.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z']+|[A-Z]/g) ?? [];
  return parts.length < 2
    ? written.toLowerCase()
    : parts.map((part) => (part.length === 1 ? part.toLowerCase() : wordWords(part))).join(" ");
}

/** A part of a web address: read as a word when it can be, spelled when it cannot. */
export function labelWords(label: string): string {
  return (label.match(/[a-z]+|\d+/gi) ?? [])
    .map((part) =>
      /\d/.test(part) ? part : /[aeiouy]/i.test(part) && part.length > 2 ? part.toLowerCase() : spellOut(part),
    )
    .join(" ");
}
