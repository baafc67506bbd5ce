// Reads as much of a Dockerfile as ours uses; anything else is an error, so that nothing is passed over.

/**
 * @typedef {{ name: string, args: string }} Instruction
 * @typedef {{ name: string, instructions: Instruction[] }} Stage
 */

/** The stages in order. A stage without a name has its number. */
export function readDockerfile(text) {
  const stages = [];
  const lines = text
    .replace(/^\s*#.*\n/gm, "")
    .replace(/\\\n/g, " ")
    .split("\n");
  for (const line of lines.map((each) => each.trim()).filter((each) => each !== "")) {
    const [, name = "", args = ""] = /^([A-Z]+)\s+(.*)$/.exec(line) ?? [];
    if (name === "FROM") {
      stages.push({ name: / AS (\S+)$/.exec(args)?.[1] ?? String(stages.length), instructions: [] });
      continue;
    }
    if (stages.length === 0 || !["WORKDIR", "COPY", "RUN", "ENV", "USER", "ENTRYPOINT", "CMD"].includes(name))
      throw new Error(`this line of the Dockerfile is not understood: ${line}`);
    stages.at(-1).instructions.push({ name, args });
  }
  return stages;
}

/** What COPY takes from where. `from`: undefined is the build context. */
export function readCopy(args) {
  const words = args.split(/\s+/);
  const from = words.find((word) => word.startsWith("--from="))?.slice("--from=".length);
  const paths = words.filter((word) => !word.startsWith("--"));
  return { from, sources: paths.slice(0, -1), target: paths.at(-1) };
}

/** Whether a path of the build context, relative to it, is left out. Of patterns only plain paths and `*.ending` are understood. */
export function readDockerignore(text) {
  const patterns = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  const odd = patterns.find((pattern) => !/^(\*)?[\w./-]+$/.test(pattern));
  if (odd !== undefined) throw new Error(`this pattern of .dockerignore is not understood: ${odd}`);
  return (path) =>
    patterns.some((pattern) =>
      pattern.startsWith("*")
        ? !path.includes("/") && path.endsWith(pattern.slice(1))
        : path === pattern || path.startsWith(`${pattern}/`),
    );
}
