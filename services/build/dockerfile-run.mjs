// What the Dockerfile does, without Docker, in empty folders and as a user without rights:
// `node services/build/dockerfile-run.mjs [--link]`. With --link the packages of `npm ci` are linked from here, which takes
// half a minute and no network. The image's own system packages are only looked up.
import { spawn, spawnSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { parseArgs } from "node:util";
import { readCopy, readDockerfile, readDockerignore } from "./dockerfile.mjs";
import { ROOT } from "./repo-root.mjs";

/** The numbers of a user that owns nothing. */
const NOBODY = "65534";
const READY_LIMIT_MS = 60_000;
const { values } = parseArgs({ options: { link: { type: "boolean", default: false } } });
const isRoot = process.getuid?.() === 0;

const folder = mkdtempSync(path.join(tmpdir(), "parley-dockerfile-"));
chmodSync(folder, 0o755);
const home = path.join(folder, "home");
const isIgnored = readDockerignore(readFileSync(path.join(ROOT, ".dockerignore"), "utf8"));
const running = [];

/** The command line that runs this one as a user without rights. */
function unprivileged(command) {
  return isRoot ? ["setpriv", `--reuid=${NOBODY}`, `--regid=${NOBODY}`, "--clear-groups", "--", ...command] : command;
}

function system(...command) {
  const { status, error, stderr } = spawnSync(command[0], command.slice(1), { encoding: "utf8" });
  if (status !== 0) throw new Error(`${command.join(" ")}: ${error?.message ?? stderr}`);
}

/** Linked files stay their owner's: they are those of this checkout. */
function giveAway(place, { linked = false } = {}) {
  if (isRoot)
    system("find", place, ...(linked ? ["-type", "d"] : []), "-exec", "chown", `${NOBODY}:${NOBODY}`, "{}", "+");
}

function makeFolder(place) {
  mkdirSync(place, { recursive: true });
  giveAway(place);
}

/** A folder that stands for a stage's file system, and what is done in it. */
class StageRun {
  constructor(name, stages) {
    this.root = path.join(folder, name);
    this.stages = stages;
    this.workdir = "/";
    this.env = {
      PATH: process.env.PATH,
      LANG: "C.UTF-8",
      HOME: home,
      TMPDIR: home,
      npm_config_update_notifier: "false",
    };
    this.entrypoint = [];
    this.cmd = [];
    makeFolder(this.root);
  }

  place(inImage) {
    return path.join(this.root, path.resolve(this.workdir, inImage));
  }

  do({ name, args }) {
    console.log(`${name} ${args}`);
    switch (name) {
      case "WORKDIR":
        this.workdir = args;
        return makeFolder(this.place("."));
      case "ENV": {
        const [key, value] = args.split("=");
        this.env[key] = value;
        return;
      }
      case "USER":
        this.user = args;
        return;
      case "ENTRYPOINT":
        this.entrypoint = JSON.parse(args);
        return;
      case "CMD":
        this.cmd = JSON.parse(args);
        return;
      case "COPY":
        return this.copy(readCopy(args));
      case "RUN":
        return this.runAll(args);
    }
  }

  copy({ from, sources, target }) {
    for (const source of sources) {
      const origin = from === undefined ? path.join(ROOT, source) : path.join(this.stages.get(from).root, source);
      const isFolder = existsSync(origin) && readdirSync(path.dirname(origin)).length > 0 && !isFile(origin);
      const into = target.endsWith("/") && !isFolder ? path.join(target, path.basename(source)) : target;
      if (from !== undefined) {
        mkdirSync(path.dirname(this.place(into)), { recursive: true });
        system("cp", "-a", "--link", origin, this.place(into));
        continue;
      }
      const leave = (file) => isIgnored(path.relative(ROOT, file));
      if (leave(origin)) throw new Error(`.dockerignore leaves out ${source}`);
      // Only what the context has: a checkout with other folders beside it is the usual case.
      for (const entry of isFolder ? readdirSync(origin) : [""]) {
        if (leave(path.join(origin, entry))) continue;
        const to = path.join(this.place(into), entry);
        cpSync(path.join(origin, entry), to, { recursive: true, filter: (file) => !leave(file) });
        giveAway(to);
      }
    }
  }

  /** One RUN: its commands one after the other. */
  runAll(line) {
    for (const command of line.split(" && ")) {
      if (/^(apt-get update|rm -rf \/var)/.test(command)) console.log(`  left to the image: ${command}`);
      else if (command.startsWith("apt-get install")) lookUp(command);
      else if (command === "npm ci" && values.link) this.link();
      else this.run(command);
    }
  }

  link() {
    const [from, to] = [path.join(ROOT, "node_modules"), this.place("node_modules")];
    system("cp", "-a", "--link", from, to);
    giveAway(to, { linked: true });
    // npm writes this one anew, and would write through the link.
    const lock = ".package-lock.json";
    rmSync(path.join(to, lock));
    cpSync(path.join(from, lock), path.join(to, lock));
    giveAway(path.join(to, lock));
  }

  run(command) {
    const startedAtMs = performance.now();
    const [file, ...args] = unprivileged(["sh", "-c", command]);
    const { status, stdout } = spawnSync(file, args, {
      cwd: this.place("."),
      env: this.env,
      encoding: "utf8",
      stdio: ["ignore", "pipe", 2],
      maxBuffer: 64 * 1024 * 1024,
    });
    if (status !== 0) throw new Error(`${command} ended with ${status}:\n${stdout.slice(-2_000)}`);
    console.log(`  ${command}: ${((performance.now() - startedAtMs) / 1_000).toFixed(1)} s`);
  }

  /** Starts the entry point; `printed` resolves with the first match in its output. */
  start(args, env) {
    const [file, ...rest] = unprivileged([...this.entrypoint, ...args]);
    const child = spawn(file, rest, {
      cwd: this.place("."),
      env: { ...this.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    const ended = once(child, "close");
    running.push({ child, ended });
    let text = "";
    const printed = (pattern) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${args[0]} was not ready in time:\n${text}`)), READY_LIMIT_MS);
        const read = (part) => {
          text += part;
          const match = pattern.exec(text);
          if (match === null) return;
          clearTimeout(timer);
          resolve(match);
        };
        child.stdout.on("data", read);
        child.stderr.on("data", read);
        void ended.then(([code]) => reject(new Error(`${args[0]} ended with ${code}:\n${text.slice(-2_000)}`)));
      });
    return { printed, ended };
  }
}

function isFile(place) {
  return spawnSync("test", ["-f", place]).status === 0;
}

function lookUp(command) {
  const names = command
    .split(/\s+/)
    .filter((word) => /^[a-z][a-z0-9.+-]+$/.test(word) && !["apt-get", "install"].includes(word));
  const lists = "/var/lib/apt/lists";
  const hasLists = existsSync(lists) && readdirSync(lists).some((name) => name.includes("_Packages"));
  const missing = hasLists ? names.filter((name) => spawnSync("apt-cache", ["show", name]).status !== 0) : [];
  if (missing.length > 0) throw new Error(`apt knows no ${missing.join(", ")}`);
  console.log(
    `  left to the image: ${command} (${hasLists ? "apt knows them" : "not looked up: apt has no lists here"})`,
  );
}

async function freePort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address();
  server.close();
  return port;
}

async function startRedis() {
  const port = await freePort();
  const child = spawn("redis-server", ["--port", String(port), "--bind", "127.0.0.1", "--save", ""], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  running.push({ child, ended: once(child, "close") });
  for await (const part of child.stdout) if (String(part).includes("Ready to accept")) break;
  return `redis://127.0.0.1:${port}`;
}

async function statusOf(url) {
  return (await fetch(url)).status;
}

/** CMD, and what docker-compose.yml starts beside it, until both work together. */
async function startImage(image) {
  const env = { REDIS_URL: await startRedis(), PARLEY_SERVER_PORT: "0" };
  // What is read only when it is asked for: a profile, and each model's file.
  const program = image.entrypoint.join(" ");
  image.run(`PARLEY_TOKEN=any ${program} config --profile network`);
  image.run(`${program} doctor --only models`);
  console.log(`CMD as ${image.user}`);
  const orchestrator = image.start(image.cmd, env);
  const [, url] = await orchestrator.printed(/ready at (http:\S+)\//);
  for (const route of ["/healthz", "/"]) {
    const status = await statusOf(`${url}${route}`);
    console.log(`  ${route}: ${status}`);
    if (status !== 200) throw new Error(`${route} answers ${status}`);
  }
  const worker = image.start(["worker", "--port", "0", "--name", "tts0"], env);
  await worker.printed(/worker tts0 is ready/);
  const limitAtMs = Date.now() + READY_LIMIT_MS;
  while ((await statusOf(`${url}/readyz`)) !== 200) {
    if (Date.now() > limitAtMs) throw new Error("/readyz never said that it is ready");
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  console.log("  /readyz: 200, with a worker");
  // [orchestrator, worker]; the Redis is not ours.
  for (const { child, ended } of running.splice(-2)) {
    child.kill("SIGTERM");
    const [code] = await ended;
    if (code !== 0) throw new Error(`it ended with ${code} when it was told to stop`);
  }
}

try {
  makeFolder(home);
  const stages = new Map();
  for (const { name, instructions } of readDockerfile(readFileSync(path.join(ROOT, "Dockerfile"), "utf8"))) {
    console.log(`stage ${name}`);
    const stage = new StageRun(name, stages);
    stages.set(name, stage);
    for (const instruction of instructions) stage.do(instruction);
  }
  await startImage([...stages.values()].at(-1));
  console.log("The Dockerfile does what it should.");
} catch (error) {
  console.error(`The Dockerfile does not do what it should: ${error.message}`);
  process.exitCode = 1;
} finally {
  for (const { child } of running) child.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
}
