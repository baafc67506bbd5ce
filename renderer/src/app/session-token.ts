const STORAGE_KEY = "parley-token";

export interface TokenSurroundings {
  location: Pick<Location, "hash" | "pathname" | "search">;
  history: Pick<History, "replaceState" | "state">;
  storage: Pick<Storage, "getItem" | "setItem">;
}

/**
 * The token that came in the address (`#token=…`), or the one this tab got before. It is taken out of the address bar,
 * so that it stays out of bookmarks, screenshots and the history; a fragment never reaches a server or its log.
 */
export function takeToken({ location, history, storage }: TokenSurroundings): string | undefined {
  const fresh = new URLSearchParams(location.hash.slice(1)).get("token");
  if (fresh === null || fresh === "") return storage.getItem(STORAGE_KEY) ?? undefined;
  storage.setItem(STORAGE_KEY, fresh);
  history.replaceState(history.state, "", location.pathname + location.search);
  return fresh;
}
