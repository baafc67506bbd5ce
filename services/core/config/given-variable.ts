/** What the environment says by this name. An empty one counts as none: Compose passes on what is not set as that. */
export function givenVariable(env: Readonly<Record<string, string | undefined>>, name: string): string | undefined {
  const text = env[name];
  return text === "" ? undefined : text;
}
