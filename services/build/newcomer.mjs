// A newcomer's path, by hand: `node services/build/newcomer.mjs [--steps talk,test]`. Takes half an hour: all is fetched anew.
// In an empty folder with a clean home: clone; talk: README's command one, and a question to what it starts; test: command two.
import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { ROOT } from "./repo-root.mjs";

const START_LIMIT_MS = 15 * 60_000;
const STEPS = ["talk", "test"];
const { values } = parseArgs({ options: { steps: { type: "string", default: STEPS.join(",") } } });
const steps = values.steps.split(",");
if (!steps.every((step) => STEPS.includes(step))) throw new Error(`--steps takes ${STEPS.join(" and ")}`);

const folder = mkdtempSync(path.join(tmpdir(), "parley-newcomer-"));
const home = path.join(folder, "home");
const app = path.join(folder, "parley");
mkdirSync(home);
/** What a fresh login has, and nothing of ours. */
const env = { HOME: home, PATH: process.env.PATH, LANG: "C.UTF-8", USER: process.env.USER, SHELL: "/bin/sh" };

/** The two commands as the README has them, so that the path is the one that it describes. */
function readmeCommands() {
  const lines = readFileSync(path.join(app, "README.md"), "utf8").split("\n");
  const commands = lines.filter((line) => line.startsWith("npm ci && ")).map((line) => line.split(" #")[0].trim());
  if (commands.length !== 2) throw new Error(`the README has ${commands.length} commands, not two`);
  return commands;
}

function run(command, args) {
  console.log(`\n> ${command} ${args.join(" ")}`);
  const { status, stdout } = spawnSync(command, args, {
    cwd: existsSync(app) ? app : folder,
    env,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "inherit"],
    maxBuffer: 256 * 1024 * 1024,
  });
  if (status !== 0) throw new Error(`${command} ${args[0]} ended with ${status}:\n${stdout.slice(-2_000)}`);
  return stdout;
}

/** Starts Parley; resolves with its address and token as soon as it has printed them. */
function start(command) {
  console.log(`\n> ${command}`);
  // A group of its own, so that npm and what it started end together.
  const child = spawn("sh", ["-c", command], { cwd: app, env, detached: true, stdio: ["ignore", "pipe", "inherit"] });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const address = new Promise((resolve, reject) => {
    let text = "";
    const timer = setTimeout(() => reject(new Error(`no address in time:\n${text.slice(-2_000)}`)), START_LIMIT_MS);
    void ended.then((code) => reject(new Error(`it ended with ${code}:\n${text.slice(-2_000)}`)));
    child.stdout.on("data", (part) => {
      text += part;
      const match = /http:\/\/(\S+?)\/#token=(\S+)/.exec(text);
      if (match === null) return;
      clearTimeout(timer);
      resolve({ host: match[1], token: match[2] });
    });
  });
  const stop = async () => {
    if (child.exitCode === null) process.kill(-child.pid, "SIGINT");
    await ended;
  };
  return { address, stop };
}

function talk({ host, token }) {
  const parley = ["run", "--silent", "parley", "--"];
  run("npm", [...parley, "say", "What is two plus two?", "--out", "you.wav"]);
  const target = ["--url", `ws://${host}/`, "--token", token];
  run("npm", [...parley, "talk", "--in", "you.wav", "--out", "both.wav", "--events", "events.jsonl", ...target]);
  const events = readFileSync(path.join(app, "events.jsonl"), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const heard = events.filter((event) => event.type === "agent-turn-end").map((event) => event.heardText);
  if (!/four/i.test(heard.join(" "))) throw new Error(`asked for two plus two it says: "${heard.join(" ")}"`);
  console.log(`it answered: ${heard.join(" ")}`);
}

try {
  run("git", ["clone", "--quiet", ROOT, app]);
  const [one, two] = readmeCommands();
  if (steps.includes("talk")) {
    const { address, stop } = start(one);
    try {
      talk(await address);
    } finally {
      await stop();
    }
  }
  if (steps.includes("test")) console.log(run("sh", ["-c", two]).trim().split("\n").at(-1));
  console.log("\nA newcomer gets there.");
} catch (error) {
  console.error(`\nA newcomer does not get there: ${error.message}`);
  process.exitCode = 1;
} finally {
  rmSync(folder, { recursive: true, force: true });
}
