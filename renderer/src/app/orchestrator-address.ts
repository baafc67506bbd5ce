import type { DesktopBridge } from "#contracts/ipc/desktop-bridge";

declare global {
  interface Window {
    /** Only in the desktop window. */
    readonly parley?: DesktopBridge;
  }
}

export interface OrchestratorAddress {
  /** ws:// or wss:// */
  url: string;
  /** The secret to it, when the surroundings know it; a browser's page takes it from its own address. */
  token: string | undefined;
}

/** What the desktop window says, once its services are ready; in a browser the server that this page came from. */
export async function findOrchestrator(
  page: Location,
  desktop: Pick<DesktopBridge, "connection"> | undefined,
): Promise<OrchestratorAddress> {
  if (desktop !== undefined) return desktop.connection();
  return { url: `${page.protocol === "https:" ? "wss" : "ws"}://${page.host}/`, token: undefined };
}
