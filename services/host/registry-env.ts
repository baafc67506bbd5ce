import type { RegistrySource } from "#supervisor/registry-source";

/** Environment by which a supervisor tells its children where the registry is; never by argument, where others could read it. */
export const REGISTRY_ENV = {
  url: "PARLEY_REGISTRY_URL",
  password: "PARLEY_REGISTRY_PASSWORD",
  passwordFile: "PARLEY_REGISTRY_PASSWORD_FILE",
  caFile: "PARLEY_REGISTRY_CA_FILE",
  /** As JSON. */
  timeouts: "PARLEY_REGISTRY_TIMEOUTS",
  origin: "PARLEY_REGISTRY_ORIGIN",
  /** "1": the registry is in the parent process. */
  channel: "PARLEY_REGISTRY_CHANNEL",
} as const;

export function envForChildren(source: RegistrySource): Record<string, string> {
  if (source.type === "in-process") return { [REGISTRY_ENV.channel]: "1" };
  return {
    [REGISTRY_ENV.url]: source.url,
    [REGISTRY_ENV.origin]: JSON.stringify(source.origin),
    ...(source.password === undefined ? {} : { [REGISTRY_ENV.password]: source.password }),
    ...(source.passwordFile === undefined ? {} : { [REGISTRY_ENV.passwordFile]: source.passwordFile }),
    ...(source.caFile === undefined ? {} : { [REGISTRY_ENV.caFile]: source.caFile }),
    ...(source.timeouts === undefined ? {} : { [REGISTRY_ENV.timeouts]: JSON.stringify(source.timeouts) }),
  };
}
