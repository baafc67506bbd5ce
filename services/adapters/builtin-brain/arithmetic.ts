import { isNumberWord, parseNumber, sayNumber } from "./number-words";
import { capitalise, type Skill } from "./skill";

type Operator = "+" | "-" | "*" | "/" | "^" | "%";
type Part = { type: "number"; value: number } | { type: "operator"; operator: Operator } | { type: "root" };

/** Unlike other words these are unmistakable, so that an expression is found inside any sentence. */
const spelledOperators: readonly (readonly [RegExp, string])[] = [
  [/\b(?:multiplied by|times)\b/g, " * "],
  [/\b(?:divided by|over)\b/g, " / "],
  [/\b(?:plus|added to)\b/g, " + "],
  [/\b(?:minus|take away|less)\b/g, " - "],
  [/\b(?:raised )?to the power of\b/g, " ^ "],
  [/\bto the (\w+)(?: power)\b/g, " ^ $1 "],
  [/\bsquared\b/g, " ^ 2 "],
  [/\bcubed\b/g, " ^ 3 "],
  [/(?:\bper ?cent|%) of\b/g, " % "],
  [/\bhalf of\b/g, " 50 % "],
  [/\b(?:double|twice)\b/g, " 2 * "],
  [/\b(?:the )?square root of\b/g, " sqrt "],
  [/(?<=[\d\s])x(?=[\d\s])/g, " * "],
  [/×/g, " * "],
  [/÷/g, " / "],
  [/([+*/^])/g, " $1 "],
  [/(?<=\d) ?- ?(?=\d)/g, " - "],
  [/\bnegative\b/g, " neg "],
];
const ordinalPowers = new Map([
  ["second", 2],
  ["third", 3],
  ["fourth", 4],
  ["fifth", 5],
  ["sixth", 6],
  ["seventh", 7],
  ["eighth", 8],
  ["ninth", 9],
  ["tenth", 10],
]);
const precedence: Record<Operator, number> = { "+": 1, "-": 1, "*": 2, "/": 2, "%": 2, "^": 3 };
const spoken: Record<Operator, string> = {
  "+": "plus",
  "-": "minus",
  "*": "times",
  "/": "divided by",
  "^": "to the power of",
  "%": "percent of",
};

/** What the ears write for a number, where only a number can stand: beside an operator. */
const misheardNumbers = new Map([
  ["to", "two"],
  ["too", "two"],
  ["for", "four"],
  ["won", "one"],
  ["ate", "eight"],
]);

/** Sums asked for the other way round: "add six and seven", "subtract two from ten", "the product of six and seven". */
const invertedForms: readonly {
  pattern: RegExp;
  separators: readonly string[];
  operator: Operator;
  isSwapped?: boolean;
}[] = [
  { pattern: /\b(?:add|the sum of|sum of)\b(.+)$/, separators: ["and", "to"], operator: "+" },
  { pattern: /\bsubtract\b(.+)$/, separators: ["from"], operator: "-", isSwapped: true },
  { pattern: /\b(?:the )?difference between\b(.+)$/, separators: ["and"], operator: "-" },
  { pattern: /\bmultiply\b(.+)$/, separators: ["by", "and", "with"], operator: "*" },
  { pattern: /\b(?:the )?product of\b(.+)$/, separators: ["and"], operator: "*" },
  { pattern: /\bdivide\b(.+)$/, separators: ["by"], operator: "/" },
];

/** Plain sums with numbers in digits or words; exact to 12 digits. */
export const arithmeticSkill: Skill = ({ plain }) => {
  const parts = readInverted(plain) ?? readExpression(plain);
  return parts === undefined ? undefined : sayResult(parts);
};

function readInverted(plain: string): Part[] | undefined {
  for (const { pattern, separators, operator, isSwapped } of invertedForms) {
    const words = pattern.exec(plain)?.[1]?.trim().split(" ") ?? [];
    for (const [index, word] of words.entries()) {
      if (!separators.includes(word)) continue;
      const left = parseNumber(words.slice(0, index).join(" "));
      const right = parseNumber(words.slice(index + 1).join(" "));
      if (left === undefined || right === undefined) continue;
      const [first, second] = isSwapped === true ? [right, left] : [left, right];
      return [
        { type: "number", value: first },
        { type: "operator", operator },
        { type: "number", value: second },
      ];
    }
  }
  return undefined;
}

/** Finds the longest run of numbers and operators that is a whole expression with at least one operator. */
function readExpression(plain: string): Part[] | undefined {
  let text = ` ${plain} `;
  for (const [pattern, symbol] of spelledOperators) text = text.replace(pattern, symbol);
  const written = text.trim().split(/\s+/);
  const isOperator = (word = ""): boolean => /^[-+*/^%]$/.test(word);
  const words = written.map((word, index) =>
    isOperator(written[index - 1]) || isOperator(written[index + 1]) ? (misheardNumbers.get(word) ?? word) : word,
  );
  const belongs = (word: string): boolean =>
    isNumberWord(word) ||
    /^(?:[-+*/^%]|sqrt|neg|and|a|-?\d[\d,.]*)$/.test(word) ||
    ordinalPowers.has(word) ||
    word.split("-").every((piece) => isNumberWord(piece));
  const runs: string[][] = [[]];
  for (const word of words) {
    if (belongs(word)) runs.at(-1)?.push(word);
    else runs.push([]);
  }
  const readable = runs.map(readRun).filter((parts) => parts !== undefined);
  return readable.sort((a, b) => b.length - a.length)[0];
}

function readRun(words: readonly string[]): Part[] | undefined {
  const parts: Part[] = [];
  let number: string[] = [];
  const endNumber = (): boolean => {
    if (number.length === 0) return false;
    const phrase = number
      .join(" ")
      .replace(/^(?:a |and )(?!hundred|thousand|million|billion|dozen|half|quarter)|(?: and| a)+$/g, "");
    const value = (number.length === 1 ? ordinalPowers.get(number[0] ?? "") : undefined) ?? parseNumber(phrase);
    number = [];
    if (value === undefined) return false;
    parts.push({ type: "number", value });
    return true;
  };
  for (const word of words) {
    if (!/^(?:[-+*/^%]|sqrt)$/.test(word)) {
      number.push(word === "neg" ? "minus" : word.startsWith("-") ? `minus ${word.slice(1)}` : word);
    } else if (word === "sqrt") {
      if (number.length > 0) return undefined;
      parts.push({ type: "root" });
    } else if (word === "-" && number.length === 0 && parts.at(-1)?.type !== "number") {
      number.push("minus");
    } else {
      if (!endNumber() && parts.at(-1)?.type !== "number") return undefined;
      parts.push({ type: "operator", operator: word as Operator });
    }
  }
  if (number.length > 0 && !endNumber()) return undefined;
  const isComplete = parts.at(-1)?.type === "number" && parts.some((part) => part.type !== "number");
  return isComplete ? parts : undefined;
}

/** Precedence climbing; powers bind to the right. NaN where there is no real result. */
function evaluate(parts: readonly Part[]): number {
  let at = 0;
  const readOperand = (): number => {
    const part = parts[at++];
    if (part?.type === "root") return Math.sqrt(readOperand());
    return part?.type === "number" ? part.value : Number.NaN;
  };
  const readAbove = (floor: number): number => {
    let left = readOperand();
    for (;;) {
      const part = parts[at];
      if (part?.type !== "operator" || precedence[part.operator] < floor) return left;
      at++;
      const right = readAbove(part.operator === "^" ? precedence["^"] : precedence[part.operator] + 1);
      left = apply(part.operator, left, right);
    }
  };
  return Number(readAbove(0).toPrecision(12));
}

function apply(operator: Operator, left: number, right: number): number {
  switch (operator) {
    case "+":
      return left + right;
    case "-":
      return left - right;
    case "*":
      return left * right;
    case "/":
      return left / right;
    case "%":
      return (left * right) / 100;
    case "^":
      return left ** right;
  }
}

function sayPart(part: Part, next: Part | undefined, previous: Part | undefined): string {
  if (part.type === "root") return "the square root of";
  if (part.type === "number") {
    const isShortPower =
      previous?.type === "operator" && previous.operator === "^" && (part.value === 2 || part.value === 3);
    return isShortPower ? "" : (sayNumber(part.value) ?? "that number");
  }
  if (part.operator === "^" && next?.type === "number" && next.value === 2) return "squared";
  if (part.operator === "^" && next?.type === "number" && next.value === 3) return "cubed";
  return spoken[part.operator];
}

function sayResult(parts: readonly Part[]): string {
  const isByZero = parts.some(
    (part, index) => part.type === "operator" && part.operator === "/" && isZero(parts[index + 1]),
  );
  if (isByZero) return "I am afraid nothing can be divided by zero, not even by me.";
  const sum = parts
    .map((part, index) => sayPart(part, parts[index + 1], parts[index - 1]))
    .filter((words) => words !== "")
    .join(" ");
  const result = evaluate(parts);
  if (Number.isNaN(result)) return `${capitalise(sum)} has no answer among the ordinary numbers.`;
  const said = sayNumber(result);
  if (said === undefined) return "That number is too large for me to say out loud.";
  const isRounded = Math.abs(result - Number(result.toFixed(4))) > 1e-9;
  return `${capitalise(sum)} is ${isRounded ? "about " : ""}${said}.`;
}

function isZero(part: Part | undefined): boolean {
  return part?.type === "number" && part.value === 0;
}
