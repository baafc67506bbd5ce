import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
export const readPage = (file: string): string => readFileSync(path.join(ROOT, file), "utf8");

export const pages = [
  "README.md",
  "SECURITY.md",
  ...["docs", "docs/runbooks", "docs/specs", "docs/adr"].flatMap((folder) =>
    readdirSync(path.join(ROOT, folder))
      .filter((name) => name.endsWith(".md"))
      .map((name) => `${folder}/${name}`),
  ),
];

export interface Block {
  page: string;
  /** What it says after its language: what it needs that no test has. */
  mark: string;
  lines: string[];
}

function blocksOf(page: string): Block[] {
  const fences = readPage(page).matchAll(/^```(?:sh|bash)\b(.*)\n([\s\S]*?)^```/gm);
  return [...fences].map(([, mark = "", body = ""]) => ({
    page,
    mark: mark.trim(),
    lines: body
      .split("\n")
      .map((line) => line.trim())
      .filter((line) => line !== "" && !line.startsWith("#")),
  }));
}
export const blocks = pages.flatMap(blocksOf);

/** Commands in the running text, too. */
export const inlineCommands = pages.flatMap((page) =>
  [...readPage(page).matchAll(/`((?:npm run|npm start|parley )[^`]*)`/g)].map(([, command = ""]) => ({
    page,
    command,
  })),
);
