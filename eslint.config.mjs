import path from "node:path";
import reactHooks from "eslint-plugin-react-hooks";
import { defineConfig, globalIgnores } from "eslint/config";
import { builtinRules } from "eslint/use-at-your-own-risk";
import tseslint from "typescript-eslint";

const TESTS = ["**/*.test.{ts,tsx}", "services/testing/**", "e2e/**"];
const STD = [
  "services/contracts/**/*.ts",
  "services/core/**/*.ts",
  "services/score/**/*.ts",
  "services/doctor/**/*.ts",
];

/** File names differ by more than letter case, and a name says what it is: kebab-case, dots between its parts. */
const kebabCaseFile = {
  meta: { type: "suggestion", schema: [], messages: { name: "Name the file in kebab-case: {{ name }}" } },
  create: (context) => ({
    Program(node) {
      const name = path.basename(context.filename);
      if (!/^\.?[a-z0-9]+(-[a-z0-9]+)*(\.[a-z0-9]+(-[a-z0-9]+)*)+$/.test(name)) {
        context.report({ node, messageId: "name", data: { name } });
      }
    },
  }),
};

const syntax = {
  processEnv: {
    selector: "MemberExpression[object.name='process'][property.name='env']",
    message: "Read the environment in services/bin and pass the value down.",
  },
  jsonParse: {
    selector: "MemberExpression[object.name='JSON'][property.name='parse']",
    message: "Use parseJsonWith(schema, text) of #contracts/parse.",
  },
  random: {
    selector: "MemberExpression[object.name='Math'][property.name='random']",
    message: "Take randomness from the injected Ids.",
  },
  defaultExport: { selector: "ExportDefaultDeclaration", message: "Export by name." },
};

const restrictedSyntax = (...names) => ["error", ...names.map((name) => syntax[name])];

const clockMessage = "Take time from the injected Clock.";
const timeGlobals = ["Date", "performance", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"].map(
  (name) => ({
    name,
    message: clockMessage,
  }),
);

const electronImports = {
  regex: "^electron(/|$)",
  message: "Only electron/ knows Electron; pass what you need as a port.",
};
const nodeImports = { regex: "^node:", message: "This layer runs without Node; use a port of #core/ports." };
const restrictedImports = (...patterns) => ["error", { patterns }];

export default defineConfig(
  globalIgnores(["dist/", ".cache/", "coverage/", "test-results/", "playwright-report/"]),
  {
    files: ["**/*.{ts,tsx}"],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { project: ["./tsconfig.test.json"], tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "@typescript-eslint/max-params": ["error", { max: 3 }],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_" }],
      // `() => sink.write(x)` is the plain way to write a callback.
      "@typescript-eslint/no-confusing-void-expression": "off",
      "@typescript-eslint/no-meaningless-void-operator": "off",
      // A port's method may be asynchronous in one adapter and not in another.
      "@typescript-eslint/require-await": "off",
      "@typescript-eslint/dot-notation": ["error", { allowIndexSignaturePropertyAccess: true }],
      // Functions are passed as values of interfaces without `this`.
      "@typescript-eslint/unbound-method": "off",
      // The compiler keeps what it knows of a field across an await, in which others may change it.
      "@typescript-eslint/no-unnecessary-condition": "off",
      // `Deferred<void> | undefined` and the like are plain enough.
      "@typescript-eslint/no-invalid-void-type": "off",
      // `[...text]` is how one walks code points.
      "@typescript-eslint/no-misused-spread": ["error", { allow: ["string"] }],
      // What was caught is thrown on as it came.
      "@typescript-eslint/only-throw-error": ["error", { allowThrowingAny: false, allowThrowingUnknown: true }],
      "@typescript-eslint/consistent-type-definitions": "off",
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: true }],
      "@typescript-eslint/no-empty-function": "off",
      "no-console": "error",
      "max-lines": ["error", { max: 500, skipBlankLines: true, skipComments: true }],
      "no-restricted-syntax": restrictedSyntax("processEnv", "jsonParse", "defaultExport"),
      "no-restricted-imports": restrictedImports(electronImports),
    },
  },
  {
    files: ["**/*.{ts,tsx,mjs,cjs}"],
    // `long-file` is max-lines once more, so that a file warns long before it must be split.
    plugins: { parley: { rules: { "kebab-case-file": kebabCaseFile, "long-file": builtinRules.get("max-lines") } } },
    rules: {
      "parley/kebab-case-file": "error",
      "parley/long-file": ["warn", { max: 300, skipBlankLines: true, skipComments: true }],
      "eqeqeq": "error",
      "no-var": "error",
      "prefer-const": "error",
    },
  },
  {
    files: ["**/*.{mjs,cjs}"],
    rules: { "no-unused-vars": "error" },
  },
  {
    files: STD,
    ignores: TESTS,
    rules: {
      "no-restricted-globals": ["error", ...timeGlobals],
      "no-restricted-imports": restrictedImports(electronImports, nodeImports),
      "no-restricted-syntax": restrictedSyntax("processEnv", "jsonParse", "random", "defaultExport"),
    },
  },
  {
    files: ["services/contracts/parse.ts"],
    rules: { "no-restricted-syntax": restrictedSyntax("processEnv", "random", "defaultExport") },
  },
  {
    files: ["renderer/**/*.{ts,tsx}"],
    ignores: [...TESTS, "renderer/vite.config.ts"],
    extends: [reactHooks.configs.flat.recommended],
    rules: { "no-restricted-imports": restrictedImports(electronImports, nodeImports) },
  },
  {
    files: ["services/bin/**/*.ts", "services/bench/**/*.ts"],
    rules: { "no-restricted-syntax": restrictedSyntax("jsonParse", "defaultExport"), "no-console": "off" },
  },
  {
    files: ["electron/**/*.ts"],
    rules: { "no-restricted-imports": "off" },
  },
  {
    files: ["electron/main/environment.ts"],
    rules: { "no-restricted-syntax": restrictedSyntax("jsonParse", "defaultExport") },
  },
  {
    files: TESTS,
    rules: {
      "@typescript-eslint/no-unsafe-assignment": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
      "@typescript-eslint/no-unsafe-argument": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/max-params": "off",
      "@typescript-eslint/no-misused-spread": "off",
      // Playwright starts the default export of its set-up file.
      "no-restricted-syntax": "off",
    },
  },
  {
    // Tools read their default export; a declaration describes a library as it is.
    files: ["**/*.config.{ts,mjs}", "**/*.d.ts"],
    rules: { "no-restricted-syntax": "off" },
  },
);
