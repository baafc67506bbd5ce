import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { blocks, inlineCommands, pages, readPage as read, type Block } from "./doc-commands";

const ROOT = path.resolve(import.meta.dirname, "../..");
/** What a block says after its language when no test can run it. */
const MARKS = ["needs Docker", "needs a GPU", "needs macOS", "needs Windows", "needs another computer"];

/** Programs of the system that the documents may call. */
const PROGRAMS = ["npm", "npx", "redis-cli", "openssl", "curl", "export", "docker", "cp", "mkdir", "tccutil"];

const commands = [
  ...blocks.flatMap(({ page, lines }) => lines.map((command) => ({ page, command }))),
  ...inlineCommands,
].flatMap(({ page, command }) => command.split("&&").map((part) => ({ page, command: part.trim() })));

const { scripts } = z.object({ scripts: z.record(z.string(), z.string()) }).parse(JSON.parse(read("package.json")));

/** Options by command, for instance "workers drain", from the command line's own table. */
function readCommandTable(): Map<string, Set<string>> {
  const chains = read("services/bin/parley.entry.ts")
    .split(/(\w+)\s*\.command\("/)
    .slice(1);
  const table = new Map<string, Set<string>>([["", new Set(["help"])]]);
  for (let at = 0; at + 1 < chains.length; at += 2) {
    const [parent = "", chain = ""] = [chains[at], chains[at + 1]];
    const name = chain.split(/[" ]/, 1)[0] ?? "";
    const options = [...chain.matchAll(/"(?:-\w, )?--([a-z-]+)/g)].map(([, option = ""]) => option);
    table.set(`${parent === "program" ? "" : `${parent} `}${name}`, new Set([...options, "help"]));
  }
  return table;
}
const table = readCommandTable();

/** Why `parley …` would be refused; undefined: it would not. */
function problemOfParley(args: readonly string[]): string | undefined {
  const [first = "", second = ""] = args;
  const key = [`${first} ${second}`, `${first} list`, `${first} show`, first].find((name) => table.has(name));
  const isGroup = [...table.keys()].some((name) => name.startsWith(`${first} `));
  if (key === undefined || (isGroup && /^[a-z]+$/.test(second) && key !== `${first} ${second}`))
    return `there is no command ${first} ${second}`;
  const allowed = new Set([...(table.get(key) ?? []), ...(table.get(first) ?? [])]);
  const options = args.filter((arg) => arg.startsWith("--")).map((arg) => arg.slice(2).split("=", 1)[0] ?? "");
  const unknown = options.find((option) => !allowed.has(option));
  return unknown === undefined ? undefined : `${key} has no --${unknown}`;
}

function problemOf(command: string): string | undefined {
  const words = command
    .replace(/"[^"]*"|\$\([^)]*\)/g, "TEXT")
    .split(/\s+/)
    .filter((word) => !/^[A-Z_]+=/.test(word));
  const [program = "", ...args] = words;
  const after = (word: string): string[] => (args.includes(word) ? args.slice(args.indexOf(word) + 1) : []);
  if (program === "parley") return problemOfParley(args);
  if (program === "docker" && command.includes("parley.js"))
    return problemOfParley(command.split("parley.js ")[1]?.split(" ") ?? []);
  if (!PROGRAMS.includes(program)) return `${program} is no program that is known to be there`;
  if (program === "npm" && args[0] === "run") {
    const script = args.slice(1).find((arg) => !arg.startsWith("--")) ?? "";
    if (scripts[script] === undefined) return `package.json has no script ${script}`;
    if (script === "parley" && after("--").length > 0) return problemOfParley(after("--"));
    if (script === "bench") return problemOfBenchmark(after("--")[0] ?? "");
  }
  if (program === "npm" && args[0] === "start") return problemOfParley(["start", ...after("--")]);
  if (program === "npx") {
    const missing = args.find((arg) => /[.]test[.]ts$/.test(arg) && !existsSync(path.join(ROOT, arg)));
    if (missing !== undefined) return `${missing} is not there`;
  }
  return undefined;
}

function problemOfBenchmark(name: string): string | undefined {
  if (name === "--list" || name === "" || name === "NAME") return undefined;
  const files = readdirSync(path.join(ROOT, "services/bench"), { recursive: true, encoding: "utf8" });
  const sources = files.map((file) => `services/bench/${file}`);
  const isThere = sources.some((file) => file.endsWith("-benchmark.ts") && read(file).includes(`name: "${name}"`));
  return isThere ? undefined : `there is no benchmark ${name}`;
}

describe("commands in the documents", () => {
  it("are many, and are found", () => {
    expect(commands.length).toBeGreaterThan(80);
    expect([...table.keys()]).toEqual(expect.arrayContaining(["start", "workers drain", "redis acl", "settings set"]));
  });

  it("could be typed as they are", () => {
    const problems = commands.map(({ page, command }) => [page, command, problemOf(command)] as const);
    expect(problems.filter(([, , problem]) => problem !== undefined)).toEqual([]);
  });

  it("say what they need where no test can run them", () => {
    const isForDocker = ({ lines }: Block): boolean => lines.some((line) => /\bdocker\b/.test(line));
    expect(blocks.filter(({ mark }) => mark !== "" && !MARKS.includes(mark))).toEqual([]);
    expect(blocks.filter((block) => isForDocker(block) && block.mark === "")).toEqual([]);
  });

  it.each([
    ["npm run nothing", "no script"],
    ["npm run --silent parley -- workers drian NAME", "no command"],
    ["npm run --silent parley -- doctor --mend", "no --mend"],
    ["npm run bench -- nothing", "no benchmark"],
    ["frobnicate", "no program"],
    ["npx vitest run services/nothing.test.ts", "not there"],
  ])("%s would be noticed", (command, problem) => {
    expect(problemOf(command)).toContain(problem);
  });
});

describe("names in the documents", () => {
  it.each(pages)("%s links only to files that there are", (page) => {
    const links = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = ""]) => target);
    const missing = links.filter((target) => !existsSync(path.resolve(ROOT, path.dirname(page), target)));
    expect(missing).toEqual([]);
  });

  it("of files in running text exist", () => {
    const named = pages.flatMap((page) =>
      [...read(page).matchAll(/`((?:docs|services|configs|e2e)\/[\w./-]+[.](?:ts|md|yml|yaml|mjs|json))`/g)].map(
        ([, file = ""]) => file,
      ),
    );
    expect(named.filter((file) => !existsSync(path.join(ROOT, file)) && !file.includes("NAME"))).toEqual([]);
  });

  it("of error codes in the runbooks are in the catalogue", () => {
    const codes = ["REDIS", "WORKERS"].flatMap((name) =>
      [...read(`docs/runbooks/${name}.md`).matchAll(/`((?:redis|worker)-(?!cli|server)[a-z-]+)`/g)].map(
        ([, code = ""]) => code,
      ),
    );
    const catalogue = read("services/contracts/errors.ts");
    expect(codes.filter((code) => !catalogue.includes(`"${code}": {`))).toEqual([]);
  });
});

it("docs/REDIS_CONFIGURATION.md has every chapter that a person may look for", () => {
  const headings = [...read("docs/REDIS_CONFIGURATION.md").matchAll(/^## (.*)$/gm)].map(([, heading]) => heading);
  expect(headings).toEqual([
    "Overview",
    "Docker environment",
    "Debugging Redis in Docker",
    "Local development (without Docker)",
    "Port conflict resolution",
    "Health checks",
    "Troubleshooting",
    "Performance tuning",
    "Multi-GPU and multi-host setup",
    "Security",
    "Summary",
  ]);
});
