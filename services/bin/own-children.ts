import { createNodeChildStarter } from "#adapters/node-child/node-child-starter";
import { isUtilityProcess } from "#adapters/parent-port/parent-port";
import { createRelayedChildStarter } from "#adapters/parent-port/relayed-child-starter";
import type { ChildStarter } from "#core/ports/child-process";
import { parent } from "./parent";
import { places } from "./places";

/** Starts the children of this process: forked by Node, or by the main process when this is one of Electron's. */
export function createOwnChildStarter(): ChildStarter {
  return isUtilityProcess(process)
    ? createRelayedChildStarter(parent)
    : createNodeChildStarter({ entryFolder: places.entryFolder });
}
