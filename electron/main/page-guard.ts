import { systemPreferences, type Session, type WebContents, type WebFrameMain } from "electron";
import { DESKTOP_ORIGIN } from "#contracts/ipc/desktop-bridge";

/** Besides the microphone: the choice of the loudspeaker. */
const HARMLESS = new Set(["speaker-selection"]);

/** The page may use the microphone and choose the loudspeaker; everything else is refused without a question. */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((...request) => {
    const [contents, permission, answer, details] = request;
    const isSound = permission === "media" && "mediaTypes" in details && isSoundOnly(details.mediaTypes);
    const isOurs = isPageUrl(details.requestingUrl) && isPageUrl(contents.getURL());
    if (isOurs && isSound) void askSystem().then(answer);
    else answer(isOurs && HARMLESS.has(permission));
  });
  session.setPermissionCheckHandler((...check) => {
    const [, permission, requestingOrigin, details] = check;
    const isSound = permission === "media" && details.mediaType === "audio";
    return isPageUrl(requestingOrigin) && (HARMLESS.has(permission) || isSound);
  });
  session.setDevicePermissionHandler(() => false);
}

/** macOS asks the person once itself; the others leave it to the app. */
function askSystem(): Promise<boolean> {
  return process.platform === "darwin" ? systemPreferences.askForMediaAccess("microphone") : Promise.resolve(true);
}

function isSoundOnly(kinds: readonly string[] = []): boolean {
  return kinds.length > 0 && kinds.every((kind) => kind === "audio");
}

/** The window shows its one page and nothing else: no other address, no second window, no page inside the page. */
export function guardNavigation(contents: WebContents): void {
  contents.on("will-frame-navigate", (event) => {
    if (!event.isMainFrame || !isPageUrl(event.url)) event.preventDefault();
  });
  contents.on("will-redirect", (event) => event.preventDefault());
  contents.on("will-attach-webview", (event) => event.preventDefault());
  contents.setWindowOpenHandler(() => ({ action: "deny" }));
}

/** A message counts only when it comes from the page itself, in the window's own main frame. */
export function isPageFrame(frame: WebFrameMain | null, window: WebContents | undefined): boolean {
  return frame !== null && frame === window?.mainFrame && isPageUrl(frame.url);
}

/** By scheme and host: URL gives schemes of an app's own no origin. */
export function isPageUrl(url: string): boolean {
  try {
    const { protocol, host } = new URL(url);
    return `${protocol}//${host}` === DESKTOP_ORIGIN;
  } catch {
    return false;
  }
}
