import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** What the three nets read, besides the code. */
const CONFIGURATION = [
  "package.json",
  "tsconfig.base.json",
  "tsconfig.test.json",
  ".dependency-cruiser.cjs",
  "services/contracts/tsconfig.json",
  "services/core/tsconfig.json",
  "services/core/globals.d.ts",
];

export interface RuleTree {
  readonly folder: string;
  remove(): void;
}

/**
 * A small copy of the repository's layout with the real configuration and the given files (path to content).
 * It lies inside the repository, so that libraries resolve as they do for the real code.
 */
export function createRuleTree(files: Readonly<Record<string, string>>): RuleTree {
  mkdirSync(path.join(ROOT, "dist"), { recursive: true });
  const folder = mkdtempSync(path.join(ROOT, "dist/rules-"));
  for (const name of CONFIGURATION) cpSync(path.join(ROOT, name), path.join(folder, name));
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(folder, name)), { recursive: true });
    writeFileSync(path.join(folder, name), content);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** The program of a tool that is installed here. */
export function toolPath(name: string): string {
  return path.join(ROOT, "node_modules/.bin", name);
}
