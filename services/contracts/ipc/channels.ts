/** Names of the messages between page and main process. No library here: the preload script is bundled with it. */
export const DESKTOP_CHANNELS = {
  /** () → DesktopConnection, once the services are ready. */
  connection: "parley:connection",
} as const;
