import { StrictMode, Suspense, use, type ReactNode } from "react";
import { createRoot } from "react-dom/client";
import { z } from "zod";
import { ADMIN_PROTOCOL_NAME } from "#contracts/protocol/admin";
import { AdminClient } from "#core/client/admin-client";
import { createBrowserAudioOpener } from "../audio/browser-audio-engine";
import { createBrowserRecordingPlayer } from "../audio/browser-recording-player";
import { createBrowserDevices } from "../audio/browser-devices";
import { ConversationController } from "../features/conversation/conversation-controller";
import { rememberPushToTalk } from "../features/conversation/remember-push-to-talk";
import { bindDesktop } from "../features/desktop/bind-desktop";
import { DesktopSection } from "../features/desktop/desktop-section";
import { followWorker } from "../features/desktop/follow-worker";
import { PartsNotice } from "../features/desktop/parts-notice";
import { PartsStore } from "../features/desktop/parts-store";
import { DevicesScreen } from "../features/devices/devices-screen";
import { FirstRunScreen } from "../features/first-run/first-run-screen";
import { FleetScreen } from "../features/fleet/fleet-screen";
import { HistoryScreen } from "../features/history/history-screen";
import { SettingsScreen } from "../features/settings/settings-screen";
import { WorkerScreen } from "../features/worker/worker-screen";
import { WorkerStatusStore } from "../features/worker/worker-status";
import "../ui/theme.css";
import "../ui/layout.css";
import "../features/conversation/conversation.css";
import "../features/conversation/presence.css";
import "../features/latency/latency.css";
import "../ui/forced-colors.css";
import { browserClock } from "./browser-clock";
import { createBrowserConnector } from "./browser-transport";
import { findOrchestrator, type OrchestratorAddress } from "./orchestrator-address";
import { PageRoleStore } from "./page-role";
import { Root } from "./root";
import { hashOf } from "./routes";
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
rememberPushToTalk(controller);
const admin = new AdminClient({
  connect: createBrowserConnector(() => known.url, ADMIN_PROTOCOL_NAME),
  clock: browserClock,
});
reached.then(
  ({ token }) => admin.start({ token: token ?? readOwnToken() }),
  () => undefined,
);
/** Screens that stand on the services wait for them. */
function Linked({ children }: { children: ReactNode }) {
  use(reached);
  return children;
}
function linked(screen: ReactNode): ReactNode {
  return (
    <Suspense fallback={<p className="screen-waiting">Parley is starting…</p>}>
      <Linked>{screen}</Linked>
    </Suspense>
  );
}
const desktop = window.parley;
const roles = new PageRoleStore({ admin, ...(desktop === undefined ? {} : { launch: () => desktop.launch() }) });
const worker = new WorkerStatusStore(admin);
const parts = new PartsStore();
// A conversation that was left running when this computer became a worker has nobody to speak with.
roles.subscribe(() => {
  if (roles.getRole() === "worker") controller.stop();
});
roles.start();
if (desktop !== undefined) bindDesktop({ bridge: desktop, controller, parts, worker: followWorker(roles, worker) });
const player = createBrowserRecordingPlayer(devices.store);
const onVoiceSaved = (voice: string): void => controller.setVoice(voice);
const fleet = (): ReactNode => linked(<FleetScreen admin={admin} />);
const settings = (): ReactNode =>
  linked(
    <SettingsScreen
      {...{ admin, onVoiceSaved }}
      sound={devices.check}
      onShowFirstRun={() => {
        location.hash = hashOf("talk");
        roles.showFirstRun();
      }}
    >
      {desktop !== undefined && <DesktopSection bridge={desktop} />}
    </SettingsScreen>,
  );
const firstRun = (): ReactNode => (
  <FirstRunScreen
    {...{ admin, devices, onVoiceSaved }}
    onDone={({ isTalking }) => {
      roles.finishFirstRun();
      if (isTalking) void controller.startTalking();
    }}
  />
);
// A closed tab says goodbye, so that the orchestrator need not wait for it.
window.addEventListener("pagehide", () => controller.stop());

const root = document.getElementById("root");
if (root !== null) {
  createRoot(root).render(
    <StrictMode>
      <Root
        {...{ roles, controller, firstRun }}
        notice={<PartsNotice parts={parts} />}
        conversationScreens={{
          history: () => linked(<HistoryScreen admin={admin} player={player} />),
          fleet,
          devices: () => <DevicesScreen devices={devices} />,
          settings,
        }}
        workerScreens={{ worker: () => linked(<WorkerScreen admin={admin} store={worker} />), fleet, settings }}
      />
    </StrictMode>,
  );
}
