/** Names of the messages between page and main process. No library here: the preload script is bundled with it. */
export const DESKTOP_CHANNELS = {
  /** () → DesktopLaunch, once the settings are read. */
  launch: "parley:launch",
  /** () → DesktopConnection, once the services are ready. */
  connection: "parley:connection",
  /** (TalkReport) → nothing, with each change. */
  report: "parley:report",
  /** () → DesktopSettings. */
  settings: "parley:settings",
  /** (DesktopSettingsPatch) → DesktopSettings, as they are after it. */
  changeSettings: "parley:change-settings",
  /** DesktopEvent, from the main process to the page. */
  event: "parley:event",
} as const;
