import { useEffect, useSyncExternalStore } from "react";
import { routeOf, titleOf, type Route } from "./routes";

/** The screen that the address asks for, else `home`; the document's title follows it. */
export function useRoute(home: Route): Route {
  const route = useSyncExternalStore(subscribe, () => routeOf(location.hash, home));
  useEffect(() => void (document.title = titleOf(route)), [route]);
  return route;
}

function subscribe(listener: () => void): () => void {
  window.addEventListener("hashchange", listener);
  return () => window.removeEventListener("hashchange", listener);
}
