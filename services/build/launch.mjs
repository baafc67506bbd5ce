// Builds what is stale, then becomes the built program: `launch.mjs start|parley|bench [--] [arguments]`.
// The program runs in this very process, so signals and exit codes need no passing on.
import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { buildWhatIsStale } from "./build.mjs";
import { ROOT } from "./repo-root.mjs";

/** Program and first arguments of each command. */
const commands = {
  start: { entry: "parley", leading: ["start"] },
  parley: { entry: "parley", leading: [] },
  bench: { entry: "bench", leading: [] },
};

const [name, ...rest] = process.argv.slice(2);
const command = Object.hasOwn(commands, name ?? "") ? commands[name] : undefined;
if (command === undefined) {
  console.error(`usage: launch.mjs ${Object.keys(commands).join("|")} [arguments]`);
  process.exit(2);
}

try {
  await buildWhatIsStale();
} catch (error) {
  console.error(`parley: the build failed: ${error.message}`);
  process.exit(1);
}

const program = path.join(ROOT, "dist/services", `${command.entry}.js`);
if (!existsSync(program)) {
  console.error(`parley: there is no services/{bin,bench}/${command.entry}.entry.ts to start`);
  process.exit(1);
}
const given = rest[0] === "--" ? rest.slice(1) : rest;
process.setSourceMapsEnabled(true);
process.argv = [process.execPath, program, ...command.leading, ...given];
await import(pathToFileURL(program).href);
