import { useCallback, useSyncExternalStore } from "react";
import type { AdminPort } from "./admin-port";

/** Says when the screen stands still because the link to the orchestrator is down. */
export function LinkBanner({ admin }: { admin: AdminPort }) {
  const subscribe = useCallback(
    (listener: () => void) => {
      const watching = admin.subscribe(listener);
      return () => watching.dispose();
    },
    [admin],
  );
  const state = useSyncExternalStore(subscribe, () => admin.connection);
  if (state.type !== "reconnecting" && (state.type !== "ended" || state.error === undefined)) return null;
  return (
    <p className="link-banner" role="alert">
      <strong>{state.type === "ended" ? state.error?.message : "The link to Parley is down."}</strong>{" "}
      {state.type === "ended"
        ? state.error?.action
        : "Nothing here changes until Parley answers again; then it goes on by itself."}
    </p>
  );
}
