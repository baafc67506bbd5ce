import type { ReactNode } from "react";
import type { ConversationController } from "../features/conversation/conversation-controller";
import { ConversationScreen } from "../features/conversation/conversation-screen";
import { KeysHelp } from "../features/conversation/keys-help";
import { RunningStrip } from "../features/conversation/running-strip";
import { useTalkKeys } from "../features/conversation/talk-keys";
import { isRunning } from "../features/conversation/conversation-view";
import { useTalk } from "../features/conversation/use-talk";
import { ErrorBoundary } from "./error-boundary";
import { Navigation } from "./navigation";
import { ROUTES, type Route } from "./routes";
import { useRoute } from "./use-route";

export interface AppProps {
  /** Where an address that names no screen leads. */
  home: "talk" | "worker";
  /** Lives above the screens, so that the conversation goes on while another one is open. */
  controller: ConversationController;
  /** What there is besides the conversation. */
  screens: Readonly<Partial<Record<Route, () => ReactNode>>>;
  /** Above every screen. */
  notice?: ReactNode;
}

/** Navigation and the screen that the address asks for. */
export function App({ home, controller, screens, notice }: AppProps) {
  const asked = useRoute(home);
  useTalkKeys(controller);
  const isTalking = useTalk(controller, ({ phase }) => isRunning(phase));
  const routes = ROUTES.filter((route) => route === home || screens[route] !== undefined);
  const route = routes.includes(asked) ? asked : home;
  const screen = screens[route];
  return (
    <div className="shell">
      {routes.length > 1 && <Navigation routes={routes} current={route} isTalking={isTalking} />}
      <div className="shell-screen">
        {notice}
        <ErrorBoundary key={route}>
          {screen === undefined ? (
            <ConversationScreen controller={controller} />
          ) : (
            <main className="page" tabIndex={0}>
              {screen()}
            </main>
          )}
        </ErrorBoundary>
        {screen !== undefined && <RunningStrip controller={controller} />}
      </div>
      <KeysHelp />
    </div>
  );
}
