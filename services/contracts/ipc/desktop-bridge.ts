import { z } from "zod";

/** Where the orchestrator of this window is, and the secret to it. */
export const DesktopConnection = z.strictObject({
  url: z.url({ protocol: /^ws$/ }),
  token: z.string().min(1),
});
export type DesktopConnection = z.infer<typeof DesktopConnection>;

/** `window.parley` in the desktop window; a browser has none. */
export interface DesktopBridge {
  /** Resolves when a conversation can begin. */
  connection(): Promise<DesktopConnection>;
}

/** The window's page, as Origin headers name it. */
export const DESKTOP_ORIGIN = "app://bundle";
