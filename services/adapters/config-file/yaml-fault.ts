import { YAMLParseError } from "yaml";

/** What is wrong and where; never what stands there, which may be a password. */
export function yamlFault(error: unknown): string {
  if (!(error instanceof YAMLParseError)) return "it is no YAML";
  const line = error.linePos?.[0].line;
  const kind = error.code.toLowerCase().replaceAll("_", " ");
  return `it is no YAML${line === undefined ? "" : ` from line ${line} on`}: ${kind}`;
}
