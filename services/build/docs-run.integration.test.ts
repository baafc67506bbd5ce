import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { findFreePort, startTestRedis, type TestRedis } from "#testing/test-redis";
import { blocks, inlineCommands } from "./doc-commands";

const ROOT = path.resolve(import.meta.dirname, "../..");
const BY_HAND = "by hand";

/** Commands that are not run here: they last, want a person, or are a whole test run; and what proves them instead. */
const elsewhere: readonly (readonly [RegExp, string])[] = [
  [/^npm ci && /, "services/build/newcomer.mjs"],
  [/^(REDIS_URL=\S+ )?npm start| -- start$/, "services/bin/command-start.integration.test.ts"],
  [
    / -- (orchestrator|worker) .*--(host|advertise)|PARLEY_TOKEN=… /,
    "services/bin/separate-services.integration.test.ts",
  ],
  [/ -- (worker|orchestrator)$|otlpEndpoint/, "services/bin/separate-services.integration.test.ts"],
  [/ -- talk /, "services/bin/command-talk.integration.test.ts"],
  [/ -- replay/, "services/bin/replay.integration.test.ts"],
  [/ -- score/, "services/bin/command-score.integration.test.ts"],
  [/ -- history delete$/, "e2e/history.test.ts"],
  [/^npm run (parley|dev)$/, "services/build/launch.integration.test.ts"],
  [/^npm run package/, "services/build/package.integration.test.ts"],
  [/^npm (test|run (check|e2e|e2e:electron))$|^npx (vitest|playwright)/, "services/build/test.mjs"],
  [/^npm run bench -- fuzz$/, "services/bench/fuzz/fuzz.integration.test.ts"],
  [/^npm run (bench -- (?!--list)|screenshots)/, BY_HAND],
];

/** Exit codes other than 0 that are an answer: doctor's of a computer on which something is broken. */
const mayBeBroken = (command: string): boolean =>
  / -- doctor( --json)?$| --only (memory|redis-ports|audio)$/.test(command);

/** In the text a command may be named without what starts it. */
const whole = (command: string): string => command.replace(/^parley /, "npm run --silent parley -- ");
const withoutComment = (line: string): string => line.replace(/\s+#.*$/, "");
const isElsewhere = (command: string): boolean => elsewhere.some(([pattern]) => pattern.test(command));
const isStarted = (command: string): boolean =>
  / -- (orchestrator --set log|worker --set log|worker --port 0)/.test(command);

const inBlocks = new Set(blocks.flatMap(({ lines }) => lines.map(withoutComment)));

/** Each block that needs nothing special is one script, as its lines build on each other; each command of the text another. */
const scripts = [
  ...blocks.filter(({ mark }) => mark === "").map(({ lines }) => lines.map(withoutComment)),
  ...inlineCommands
    .map(({ command }) => whole(command))
    .filter((command) => !inBlocks.has(command))
    .map((command) => [command]),
]
  .map((lines) => lines.filter((line) => !isElsewhere(line) && !isStarted(line)))
  .filter((lines) => lines.length > 0);
const unique = [...new Map(scripts.map((lines) => [lines.join("\n"), lines])).values()];

let folder: string;
let redis: TestRedis;
let pagePort: number;
const services: ChildProcess[] = [];

/** Ports of the documents are usual ones and may be taken here; names stand for what there is. */
function asHere(command: string): string {
  return command
    .replace(/^((?:\w+=\S+ )?)npm run --silent parley -- /, `$1"$NODE" "$PARLEY" `)
    .replaceAll("6379", String(redis.port))
    .replaceAll("8080", String(pagePort))
    .replaceAll("NAME", "second")
    .replaceAll("WORDS", "hello")
    .replaceAll("/tmp/parley-clean", path.join(folder, "clean"));
}

function environment(): NodeJS.ProcessEnv {
  return {
    PATH: process.env["PATH"],
    HOME: folder,
    LANG: "C.UTF-8",
    XDG_RUNTIME_DIR: folder,
    XDG_CONFIG_HOME: path.join(folder, "config"),
    XDG_CACHE_HOME: path.join(folder, "cache"),
    XDG_DATA_HOME: path.join(folder, "data"),
    NODE: process.execPath,
    PARLEY: path.join(ROOT, "dist/services/parley.js"),
    REDIS_URL: redis.url,
    PARLEY_SERVER_PORT: String(pagePort),
    PARLEY_WORKER_PORT: "0",
  };
}

async function run(script: string, cwd: string): Promise<{ code: number | null; output: string }> {
  const child = spawn("sh", ["-ec", script], { cwd, env: environment(), stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => (output += text));
  const [code] = (await once(child, "close")) as [number | null];
  return { code, output };
}

/** A service that the documents start in a terminal of its own. */
async function startDocumented(pattern: RegExp): Promise<void> {
  const command = blocks.flatMap(({ lines }) => lines).find((line) => pattern.test(line));
  if (command === undefined) throw new Error(`no document has ${pattern}`);
  const child = spawn("sh", ["-c", `exec ${asHere(command)}`], {
    env: environment(),
    stdio: ["ignore", "pipe", "pipe"],
  });
  services.push(child);
  let output = "";
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (/^Parley's .* is ready at/m.test(output)) resolve();
      });
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)));
  });
}

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "parley-docs-"));
  [redis, pagePort] = await Promise.all([startTestRedis(), findFreePort()]);
  await startDocumented(/ -- orchestrator --set log\.level=debug$/);
  await Promise.all([/ -- worker --set log\.level=debug$/, / -- worker --port 0 --name second$/].map(startDocumented));
});
afterAll(async () => {
  for (const child of services) {
    child.kill("SIGTERM");
    if (child.exitCode === null) await once(child, "exit");
  }
  await redis.stop();
  rmSync(folder, { recursive: true, force: true });
});

describe("commands of the documents", () => {
  it("that are not run here are proven elsewhere", () => {
    const files = elsewhere.map(([, file]) => file).filter((file) => file !== BY_HAND);
    expect(files.filter((file) => !existsSync(path.join(ROOT, file)))).toEqual([]);
  });

  it("that are run here are many", () => {
    expect(unique.flat().length).toBeGreaterThan(25);
  });

  it.each(unique.map((lines) => [lines.join("; "), lines] as const))("%s", async (_title, lines) => {
    const needsRepository = lines.some((line) => /^npm run (?!--silent parley)/.test(line));
    const { code, output } = await run(lines.map(asHere).join("\n"), needsRepository ? ROOT : folder);
    expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
    if (lines.some(mayBeBroken) && code === 1) expect(output).toMatch(/broken/);
    else expect(code, output).toBe(0);
    if (!lines.every((line) => line.startsWith("export ") || / (>|hgetall) /.test(line))) expect(output).not.toBe("");
    // curl and redis-cli end with 0 whatever they are told.
    expect(output).not.toMatch(/^\(?(error|ERR|NOAUTH|WRONGTYPE)\b/m);
    if (lines.some((line) => line.includes("/healthz")))
      for (const part of ['"status":"ok"', '"status":"ready"', "# TYPE parley_"]) expect(output).toContain(part);
  });

  it("work by npm as they stand", async () => {
    const { code, output } = await run("npm run --silent parley -- redis acl", ROOT);
    expect(code, output).toBe(0);
    expect(output).toContain("user parley");
  });
});
