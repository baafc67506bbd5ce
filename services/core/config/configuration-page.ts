import type { ConfigKey } from "../../contracts/config/config-key";
import { predecessorNamesFor, UNUSED_PREDECESSOR_KEYS } from "./predecessor-keys";

export interface ConfigReference {
  orchestrator: readonly ConfigKey[];
  worker: readonly ConfigKey[];
}

/** Every key with range, default, variable and meaning, in Markdown. */
export function configurationPage({ orchestrator, worker }: ConfigReference): string {
  const names = new Set([...orchestrator, ...worker].map(({ key }) => key));
  const renamed = predecessorNamesFor(names).map(({ name, key }) => `| \`${name}\` | \`${key}\` |`);
  const unused = UNUSED_PREDECESSOR_KEYS.map(({ name, reason }) => `| \`${name}\` | no effect: ${reason} |`);
  return `# Configuration

Written by \`parley config --reference\`; change the schema in \`services/contracts/config\`, not this page.

The defaults, \`configs/orchestrator.yaml\` or \`configs/worker.yaml\` (\`--config FILE\`), a profile (\`configs/profiles/NAME.yaml\`, chosen with \`--profile NAME\` or \`PARLEY_PROFILE\`; it may hold keys of both), what a person chose in Settings, the environment, options of the command: each goes before those in front of it. \`parley config\` prints what holds and who decided it. A key that there is not is an error, which names the nearest one.

In the environment a list is separated by commas, and an empty variable counts as none. \`--set KEY=VALUE\` decides any key.

## Orchestrator

${tableOf(orchestrator)}

## Worker

${tableOf(worker)}

## Names of the predecessor

Its files are read as they are: \`redis.url\` and these.

| there | here |
| --- | --- |
${[...renamed, ...unused].join("\n")}
`;
}

function tableOf(keys: readonly ConfigKey[]): string {
  const rows = keys.map(({ key, range, description, variables, ...rest }) =>
    [`\`${key}\``, range, defaultOf({ ...rest }), variables.map((name) => `\`${name}\``).join(", "), description].map(
      cell,
    ),
  );
  const head = ["key", "may be", "default", "variable", "means"];
  return [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

const MAX_DEFAULT_CHARACTERS = 40;

function defaultOf({ default: value }: Pick<ConfigKey, "default">): string {
  if (value === undefined) return "";
  if (Array.isArray(value)) return value.length === 0 ? "none" : `\`${value.join(", ")}\``;
  const text = typeof value === "string" ? value : JSON.stringify(value);
  if (text === "") return "empty";
  return text.length > MAX_DEFAULT_CHARACTERS ? "a text" : `\`${text}\``;
}

function cell(text: string): string {
  return text.replaceAll("|", "\\|");
}
