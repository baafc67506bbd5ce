/** The screens, in the order of the navigation; each has the address `#/<name>`. */
export const ROUTES = ["talk", "worker", "history", "fleet", "devices", "settings"] as const;
export type Route = (typeof ROUTES)[number];

export const ROUTE_TITLES: Readonly<Record<Route, string>> = {
  talk: "Talk",
  worker: "Worker",
  history: "History",
  fleet: "Fleet",
  devices: "Devices",
  settings: "Settings",
};

export function hashOf(route: Route): string {
  return `#/${route}`;
}

/** `hash` as in `location.hash`. What nobody knows leads home. */
export function routeOf(hash: string, home: Route = "talk"): Route {
  const name = /^#\/([a-z]+)/.exec(hash)?.[1];
  return ROUTES.find((route) => route === name) ?? home;
}

export function titleOf(route: Route): string {
  return `${ROUTE_TITLES[route]} · Parley`;
}
