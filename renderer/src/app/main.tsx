import { StrictMode, Suspense, use, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import { ADMIN_PROTOCOL_NAME } from "#contracts/protocol/admin";
import { AdminClient } from "#core/client/admin-client";
import { createBrowserAudioOpener } from "../audio/browser-audio-engine";
import { createBrowserRecordingPlayer } from "../audio/browser-recording-player";
import { createBrowserDevices } from "../audio/browser-devices";
import { ConversationController } from "../features/conversation/conversation-controller";
import { bindDesktop } from "../features/desktop/bind-desktop";
import { DesktopSection } from "../features/desktop/desktop-section";
import { PartsNotice } from "../features/desktop/parts-notice";
import { PartsStore } from "../features/desktop/parts-store";
import { DevicesScreen } from "../features/devices/devices-screen";
import { FleetScreen } from "../features/fleet/fleet-screen";
import { HistoryScreen } from "../features/history/history-screen";
import { SettingsScreen } from "../features/settings/settings-screen";
import "../ui/theme.css";
import "../ui/layout.css";
import "../features/conversation/conversation.css";
import "../features/conversation/presence.css";
import "../features/latency/latency.css";
import { App } from "./app";
import { browserClock } from "./browser-clock";
import { createBrowserConnector } from "./browser-transport";
import { findOrchestrator, type OrchestratorAddress } from "./orchestrator-address";
import { takeToken } from "./session-token";

// The page's policy forbids generated code, which zod would otherwise try.
z.config({ jitless: true });

// The window shows itself while its services still start; who needs them waits for this.
const known: OrchestratorAddress = { url: "", token: undefined };
const reached = findOrchestrator(location, window.parley).then((address) => Object.assign(known, address));
reached.catch(() => undefined);
const readOwnToken = (): string | undefined => takeToken({ location, history, storage: sessionStorage });
readOwnToken();
// The address may be pasted once more into a tab that is already open.
window.addEventListener("hashchange", () => void readOwnToken());

const devices = createBrowserDevices();
const controller = new ConversationController({
  connect: createBrowserConnector(() => known.url),
  clock: browserClock,
  openAudio: createBrowserAudioOpener({ store: devices.store, clock: browserClock }),
  readToken: async () => (await reached).token ?? readOwnToken(),
});
const admin = new AdminClient({
  connect: createBrowserConnector(() => known.url, ADMIN_PROTOCOL_NAME),
  clock: browserClock,
});
/** The link is opened with the first screen that needs it. */
function Linked({ children }: { children: (admin: AdminClient) => ReactNode }) {
  const { token } = use(reached);
  if (admin.connection.type === "idle") admin.start({ token: token ?? readOwnToken() });
  return children(admin);
}
function linked(screen: (admin: AdminClient) => ReactNode): ReactNode {
  return (
    <Suspense fallback={<p className="screen-waiting">Parley is starting…</p>}>
      <Linked>{screen}</Linked>
    </Suspense>
  );
}
const desktop = window.parley;
const parts = new PartsStore();
if (desktop !== undefined) bindDesktop({ bridge: desktop, controller, parts });
const player = createBrowserRecordingPlayer(devices.store);
const screens = {
  history: () => linked((link) => <HistoryScreen admin={link} player={player} />),
  fleet: () => linked((link) => <FleetScreen admin={link} />),
  devices: () => <DevicesScreen devices={devices} />,
  settings: () =>
    linked((link) => (
      <SettingsScreen admin={link} sound={devices.check} onVoiceSaved={(voice) => controller.setVoice(voice)}>
        {desktop !== undefined && <DesktopSection bridge={desktop} />}
      </SettingsScreen>
    )),
};
// A closed tab says goodbye, so that the orchestrator need not wait for it.
window.addEventListener("pagehide", () => controller.stop());

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <App controller={controller} screens={screens} notice={<PartsNotice parts={parts} />} />
    </StrictMode>,
  );
}
