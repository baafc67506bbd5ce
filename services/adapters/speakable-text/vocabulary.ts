/** Units: written form → [one, many]. */
export const UNITS: Readonly<Record<string, readonly [string, string]>> = {
  "km/h": ["kilometer per hour", "kilometers per hour"],
  "m/s": ["meter per second", "meters per second"],
  mph: ["mile per hour", "miles per hour"],
  "°C": ["degree celsius", "degrees celsius"],
  "°F": ["degree fahrenheit", "degrees fahrenheit"],
  "°": ["degree", "degrees"],
  "km²": ["square kilometer", "square kilometers"],
  "m²": ["square meter", "square meters"],
  "m³": ["cubic meter", "cubic meters"],
  km: ["kilometer", "kilometers"],
  cm: ["centimeter", "centimeters"],
  mm: ["millimeter", "millimeters"],
  µm: ["micrometer", "micrometers"],
  m: ["meter", "meters"],
  ft: ["foot", "feet"],
  mi: ["mile", "miles"],
  yd: ["yard", "yards"],
  kg: ["kilogram", "kilograms"],
  mg: ["milligram", "milligrams"],
  g: ["gram", "grams"],
  lbs: ["pound", "pounds"],
  lb: ["pound", "pounds"],
  oz: ["ounce", "ounces"],
  ml: ["milliliter", "milliliters"],
  mL: ["milliliter", "milliliters"],
  l: ["liter", "liters"],
  L: ["liter", "liters"],
  kWh: ["kilowatt hour", "kilowatt hours"],
  kW: ["kilowatt", "kilowatts"],
  MW: ["megawatt", "megawatts"],
  W: ["watt", "watts"],
  V: ["volt", "volts"],
  kHz: ["kilohertz", "kilohertz"],
  MHz: ["megahertz", "megahertz"],
  GHz: ["gigahertz", "gigahertz"],
  Hz: ["hertz", "hertz"],
  dB: ["decibel", "decibels"],
  TB: ["terabyte", "terabytes"],
  GB: ["gigabyte", "gigabytes"],
  MB: ["megabyte", "megabytes"],
  KB: ["kilobyte", "kilobytes"],
  kB: ["kilobyte", "kilobytes"],
  GiB: ["gibibyte", "gibibytes"],
  MiB: ["mebibyte", "mebibytes"],
  Mbps: ["megabit per second", "megabits per second"],
  Gbps: ["gigabit per second", "gigabits per second"],
  ms: ["millisecond", "milliseconds"],
  µs: ["microsecond", "microseconds"],
  min: ["minute", "minutes"],
  hrs: ["hour", "hours"],
  hr: ["hour", "hours"],
  h: ["hour", "hours"],
  sec: ["second", "seconds"],
  s: ["second", "seconds"],
  px: ["pixel", "pixels"],
  "%": ["percent", "percent"],
};

/** Currencies: sign or code → [one, many, hundredth, hundredths]. */
export const CURRENCIES: Readonly<Record<string, readonly [string, string, string, string]>> = {
  $: ["dollar", "dollars", "cent", "cents"],
  "US$": ["dollar", "dollars", "cent", "cents"],
  USD: ["dollar", "dollars", "cent", "cents"],
  "€": ["euro", "euros", "cent", "cents"],
  EUR: ["euro", "euros", "cent", "cents"],
  "£": ["pound", "pounds", "penny", "pence"],
  GBP: ["pound", "pounds", "penny", "pence"],
  "¥": ["yen", "yen", "sen", "sen"],
  JPY: ["yen", "yen", "sen", "sen"],
  "₹": ["rupee", "rupees", "paisa", "paise"],
  CHF: ["franc", "francs", "centime", "centimes"],
};

/** Letters and words behind an amount. */
export const SCALES: Readonly<Record<string, string>> = {
  k: "thousand", K: "thousand", m: "million", M: "million", bn: "billion", B: "billion", b: "billion", tn: "trillion", T: "trillion",
  thousand: "thousand", million: "million", billion: "billion", trillion: "trillion",
};

/** Abbreviations that end in a full stop which ends no sentence. */
export const ABBREVIATIONS: Readonly<Record<string, string>> = {
  "dr.": "doctor", "mr.": "mister", "mrs.": "missus", "ms.": "miz", "prof.": "professor", "jr.": "junior", "sr.": "senior", "mt.": "mount",
  "gen.": "general", "capt.": "captain", "lt.": "lieutenant", "sgt.": "sergeant", "rev.": "reverend", "gov.": "governor",
  "e.g.": "for example", "i.e.": "that is", "etc.": "et cetera", "vs.": "versus", "approx.": "approximately", "a.k.a.": "also known as",
  "dept.": "department", "est.": "established", "inc.": "incorporated", "ltd.": "limited", "co.": "company", "corp.": "corporation",
  "fig.": "figure", "vol.": "volume", "ch.": "chapter", "cf.": "compare", "et al.": "and others", "p.s.": "pee ess",
  "a.m.": "ay em", "p.m.": "pee em", "ave.": "avenue", "blvd.": "boulevard", "rd.": "road",
};

const MONTHS = ["January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"];
export const MONTH_PATTERN = "January|February|March|April|May|June|July|August|September|October|November|December|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec";

/** Full name by number (1 to 12) or by a name's first three letters. */
export function monthName(month: number | string): string | undefined {
  if (typeof month === "number") return MONTHS[month - 1]?.toLowerCase();
  return MONTHS.find((name) => name.startsWith(month.slice(0, 3)))?.toLowerCase();
}

/** Signs that are said wherever they stand. */
export const SYMBOLS: Readonly<Record<string, string>> = {
  "&": "and", "@": "at", "=": "equals", "×": "times", "÷": "divided by", "≈": "is about", "≠": "is not equal to", "≤": "is at most",
  "≥": "is at least", "±": "plus or minus", "√": "square root of", "∞": "infinity", "π": "pie", "%": "percent", "‰": "per mille",
  "€": "euros", "£": "pounds", "½": "one half", "⅓": "one third", "⅔": "two thirds", "¼": "one quarter", "¾": "three quarters", "§": "section",
};

/** Signs that are said between numbers only. */
export const OPERATORS: Readonly<Record<string, string>> = {
  "+": "plus", "-": "minus", "−": "minus", "*": "times", "·": "times", "/": "divided by", "<": "is less than", ">": "is greater than",
  "^": "to the power of", ":": "to",
};
