import { useEffect } from "react";
import type { AdminPort } from "./admin-port";

/** Asks now, and again whenever Parley answers after it did not. `load` stays the same function. */
export function useLoaded(admin: AdminPort, load: () => Promise<void>): void {
  useEffect(() => {
    void load();
    const watching = admin.subscribe(({ type }) => {
      if (type === "open") void load();
    });
    return () => watching.dispose();
  }, [admin, load]);
}
