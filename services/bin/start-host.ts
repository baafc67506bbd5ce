import { startHost as startHostWith, type StartedHost, type StartHostOptions } from "#host/start-host";
import { nodeChildren } from "./fleet";
import { places } from "./places";

/** Parley on this computer, its parts as Node child processes. */
export function startHost(options: StartHostOptions): Promise<StartedHost> {
  return startHostWith(options, { starter: nodeChildren, places, env: process.env });
}
