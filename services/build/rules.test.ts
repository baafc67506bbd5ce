import { spawnSync } from "node:child_process";
import path from "node:path";
import { ESLint } from "eslint";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";
import { createRuleTree, toolPath, type RuleTree } from "./rule-fixtures";

const TIMEOUT_MS = 120_000;

/** Obeys every rule, and uses each allowed direction. */
const clean = {
  "services/contracts/shape.ts": `import { z } from "zod";\nexport const Shape = z.object({ widthPx: z.number() });\nexport type Shape = z.infer<typeof Shape>;\n`,
  "services/core/area.ts": `import type { Shape } from "#contracts/shape";\nexport const double = (shape: Shape): number => shape.widthPx * 2;\n`,
  "services/adapters/redis/store.ts": `import { Redis } from "ioredis";\nimport { double } from "#core/area";\nexport const createStore = (): Redis => new Redis({ db: double({ widthPx: 1 }) });\n`,
  "services/adapters/files/list.ts": `import { readdirSync } from "node:fs";\nexport const list = (folder: string): string[] => readdirSync(folder);\n`,
  "services/orchestrator/app.ts": `import { double } from "#core/area";\nexport const app = double;\n`,
  "services/sim/run.ts": `import { createStore } from "#adapters/redis/store";\nimport { app } from "#orchestrator/app";\nexport const run = [createStore, app];\n`,
  "services/testing/fake.ts": `export const fake = 1;\n`,
  "services/bin/app.entry.ts": `import { createStore } from "#adapters/redis/store";\nimport { app } from "#orchestrator/app";\nexport const wired = [createStore, app, process.env["HOME"]];\n`,
  "renderer/src/page.tsx": `import { double } from "#core/area";\nexport const page = double({ widthPx: 2 });\n`,
} as const;

/** One forbidden import in each file, and the rule of dependency-cruiser that must name it. */
const forbiddenImports = [
  ["services/contracts/sees-core.ts", "#core/area", "contracts-is-a-leaf"],
  ["services/contracts/sees-ws.ts", "ws", "contracts-know-zod-only"],
  ["services/core/sees-adapter.ts", "#adapters/files/list", "core-sees-contracts"],
  ["services/core/sees-node.ts", "node:fs", "core-is-pure"],
  ["services/core/sees-redis.ts", "ioredis", "core-is-pure"],
  ["services/adapters/files/sees-redis.ts", "#adapters/redis/store", "one-adapter-one-technology"],
  ["services/adapters/files/sees-app.ts", "#orchestrator/app", "adapters-see-core"],
  ["services/orchestrator/sees-adapter.ts", "#adapters/files/list", "apps-take-ports"],
  ["services/score/sees-adapter.ts", "#adapters/files/list", "apps-take-ports"],
  ["services/score/sees-node.ts", "node:fs", "score-is-pure"],
  ["services/doctor/sees-adapter.ts", "#adapters/files/list", "apps-take-ports"],
  ["services/supervisor/sees-app.ts", "#orchestrator/app", "apps-take-ports"],
  ["services/tts-worker/sees-testing.ts", "#testing/fake", "testing-is-for-tests"],
  ["services/bin/sees-testing.ts", "#testing/fake", "testing-is-for-tests"],
  ["services/bin/sees-electron.ts", "electron", "electron-stays-home"],
  ["services/orchestrator/sees-bin.ts", "../bin/app.entry", "nothing-imports-bin"],
  ["services/sim/sees-bin.ts", "../bin/app.entry", "sim-composes-services"],
  ["services/host/sees-sim.ts", "#sim/run", "host-composes-services"],
  ["services/testing/sees-app.ts", "#orchestrator/app", "testing-sees-core"],
  ["services/orchestrator/sees-vitest.ts", "vitest", "no-dev-dependency"],
  ["services/orchestrator/sees-nothing.ts", "#core/no-such-file", "no-unresolvable"],
  ["renderer/src/sees-app.ts", "#orchestrator/app", "renderer-is-a-client"],
  ["renderer/src/sees-node.ts", "node:fs", "renderer-runs-without-node"],
  ["electron/preload/sees-core.ts", "#core/area", "preload-sees-contracts"],
  ["electron/main/sees-renderer.ts", "../../renderer/src/page", "main-composes-services"],
  ["e2e/sees-app.ts", "#orchestrator/app", "e2e-stays-outside"],
] as const;

/** One forbidden line in each file, and the rule of ESLint that must name it. */
const forbiddenCode = [
  ["services/core/uses-date.ts", "export const now = Date.now();", "no-restricted-globals"],
  ["services/core/uses-timer.ts", "setTimeout(() => undefined, 5);", "no-restricted-globals"],
  ["services/core/uses-random.ts", "export const luck = Math.random();", "no-restricted-syntax"],
  ["services/core/uses-node.ts", 'import "node:fs";', "no-restricted-imports"],
  ["services/score/uses-random.ts", "export const luck = Math.random();", "no-restricted-syntax"],
  ["services/contracts/uses-node.ts", 'import "node:fs";', "no-restricted-imports"],
  ["renderer/src/uses-node.ts", 'import "node:fs";', "no-restricted-imports"],
  ["services/bin/uses-electron.ts", 'import "electron";', "no-restricted-imports"],
  ["services/orchestrator/uses-env.ts", "export const home = process.env;", "no-restricted-syntax"],
  ["services/orchestrator/uses-json.ts", 'export const one: unknown = JSON.parse("1");', "no-restricted-syntax"],
  ["services/orchestrator/uses-console.ts", 'console.log("x");', "no-console"],
  ["services/orchestrator/uses-default.ts", "export default 1;", "no-restricted-syntax"],
  ["services/orchestrator/uses-any.ts", "export const x: any = 1;", "@typescript-eslint/no-explicit-any"],
  ["services/orchestrator/floats.ts", "Promise.resolve(1);", "@typescript-eslint/no-floating-promises"],
  [
    "services/orchestrator/asserts.ts",
    "export const first = (xs: string[]): string => xs[0]!;",
    "@typescript-eslint/no-non-null-assertion",
  ],
  [
    "services/orchestrator/many.ts",
    "export const add = (a: number, b: number, c: number, d: number): number => a + b + c + d;",
    "@typescript-eslint/max-params",
  ],
  [
    "services/orchestrator/misses-case.ts",
    'export function word(x: "a" | "b"): string { switch (x) { case "a": return "one"; } return "none"; }',
    "@typescript-eslint/switch-exhaustiveness-check",
  ],
  ["services/orchestrator/wrongName.ts", "export const x = 1;", "parley/kebab-case-file"],
] as const;

function contentOf(
  rows: readonly (readonly [string, string, string])[],
  toCode: (text: string) => string,
): Record<string, string> {
  return Object.fromEntries(rows.map(([file, text]) => [file, toCode(text)]));
}

describe("dependency-cruiser", () => {
  const CruiseReport = z.object({
    summary: z.object({ violations: z.array(z.object({ from: z.string(), rule: z.object({ name: z.string() }) })) }),
  });
  const found = new Map<string, string[]>();
  let tree: RuleTree | undefined;

  beforeAll(() => {
    tree = createRuleTree({
      ...clean,
      ...contentOf(forbiddenImports, (imported) => `import "${imported}";\n`),
      "services/core/circle-a.ts": `import "./circle-b";\n`,
      "services/core/circle-b.ts": `import "./circle-a";\n`,
      "services/core/allowed.test.ts": `import "vitest";\nimport "#testing/fake";\nimport "node:fs";\n`,
    });
    const args = ["--output-type=json", "services", "renderer", "electron", "e2e"];
    const { stdout } = spawnSync(toolPath("depcruise"), args, {
      cwd: tree.folder,
      encoding: "utf8",
      maxBuffer: 64 * 1024 * 1024,
    });
    const parsed = parseJsonWith(CruiseReport, stdout);
    if (!parsed.ok) throw new Error(parsed.issues);
    for (const { from, rule } of parsed.value.summary.violations)
      found.set(from, [...(found.get(from) ?? []), rule.name]);
  }, TIMEOUT_MS);
  afterAll(() => tree?.remove());

  it.each(forbiddenImports)("%s importing %s breaks %s", (file, _imported, rule) => {
    expect(found.get(file)).toContain(rule);
  });

  it("two files that import each other break no-circular", () => {
    expect(found.get("services/core/circle-a.ts")).toContain("no-circular");
  });

  it.each([...Object.keys(clean), "services/core/allowed.test.ts"])("%s breaks nothing", (file) => {
    expect(found.get(file)).toBeUndefined();
  });
});

describe("ESLint", () => {
  const found = new Map<string, (string | null)[]>();
  let tree: RuleTree | undefined;

  beforeAll(async () => {
    tree = createRuleTree({ ...clean, ...contentOf(forbiddenCode, (code) => `${code}\n`) });
    const eslint = new ESLint({
      cwd: tree.folder,
      overrideConfigFile: path.resolve("eslint.config.mjs"),
      overrideConfig: {
        files: ["**/*.{ts,tsx}"],
        languageOptions: { parserOptions: { tsconfigRootDir: tree.folder } },
      },
    });
    for (const result of await eslint.lintFiles(["."])) {
      found.set(
        path.relative(tree.folder, result.filePath),
        result.messages.map((message) => message.ruleId),
      );
    }
  }, TIMEOUT_MS);
  afterAll(() => tree?.remove());

  it.each(forbiddenCode)("%s with `%s` breaks %s", (file, _code, rule) => {
    expect(found.get(file)).toContain(rule);
  });

  it.each(Object.keys(clean))("%s breaks nothing", (file) => {
    expect(found.get(file)).toEqual([]);
  });
});

describe("the compiler", () => {
  const compile = (files: Record<string, string>): string => {
    const tree = createRuleTree({
      "services/contracts/shape.ts": clean["services/contracts/shape.ts"],
      "services/core/area.ts": clean["services/core/area.ts"],
      ...files,
    });
    try {
      return spawnSync(toolPath("tsc"), ["-b", "services/core"], { cwd: tree.folder, encoding: "utf8" }).stdout;
    } finally {
      tree.remove();
    }
  };

  it(
    "accepts core code that uses contracts only",
    () => {
      expect(compile({})).toBe("");
    },
    TIMEOUT_MS,
  );

  it.each([
    ["Buffer", 'export const bytes = Buffer.from("x");'],
    ["process", "export const id = process.pid;"],
    ["setTimeout", "setTimeout(() => undefined, 1);"],
    ["window", "export const width = window.innerWidth;"],
  ])(
    "rejects %s in core",
    (name, code) => {
      expect(compile({ "services/core/bad.ts": `${code}\n` })).toMatch(
        new RegExp(`bad.ts.*Cannot find name '${name}'`),
      );
    },
    TIMEOUT_MS,
  );

  it(
    "rejects a folder that core does not refer to",
    () => {
      const output = compile({
        "services/adapters/files/list.ts": "export const list = 1;\n",
        "services/core/bad.ts": 'import { list } from "#adapters/files/list";\nexport const x = list;\n',
      });
      expect(output).toContain("is not listed within the file list of project");
    },
    TIMEOUT_MS,
  );
});
