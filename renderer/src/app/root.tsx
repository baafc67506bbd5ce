import { useSyncExternalStore, type ReactNode } from "react";
import { App, type AppProps } from "./app";
import type { PageRoleStore } from "./page-role";

interface RootProps extends Pick<AppProps, "controller" | "notice"> {
  roles: PageRoleStore;
  firstRun: () => ReactNode;
  /** What there is besides the conversation. */
  conversationScreens: AppProps["screens"];
  workerScreens: AppProps["screens"];
}

/** The page for what runs on this computer. */
export function Root({ roles, controller, notice, firstRun, conversationScreens, workerScreens }: RootProps) {
  const role = useSyncExternalStore(roles.subscribe, roles.getRole);
  switch (role) {
    case "asking":
      return <p className="screen-waiting">Parley is starting…</p>;
    case "first-run":
      return firstRun();
    case "conversation":
      return <App home="talk" controller={controller} screens={conversationScreens} notice={notice} />;
    case "worker":
      return <App home="worker" controller={controller} screens={workerScreens} notice={notice} />;
  }
}
