import type { ComponentType } from "react";
import { DevicesIcon, FleetIcon, HistoryIcon, SettingsIcon, TalkIcon, WaveMark } from "../ui/icons";
import { hashOf, ROUTE_TITLES, type Route } from "./routes";

const ICONS: Readonly<Record<Route, ComponentType>> = {
  talk: TalkIcon,
  worker: WaveMark,
  history: HistoryIcon,
  fleet: FleetIcon,
  devices: DevicesIcon,
  settings: SettingsIcon,
};

interface NavigationProps {
  routes: readonly Route[];
  current: Route;
  /** A conversation runs: its entry carries a mark. */
  isTalking: boolean;
}

/** The way between the screens: a rail at the side, a bar at the bottom of narrow windows. */
export function Navigation({ routes, current, isTalking }: NavigationProps) {
  return (
    <nav className="nav" aria-label="Screens">
      {routes.map((route) => {
        const Icon = ICONS[route];
        return (
          <a
            key={route}
            className="nav-link"
            href={hashOf(route)}
            aria-current={route === current ? "page" : undefined}
          >
            <Icon />
            <span className="nav-title">{ROUTE_TITLES[route]}</span>
            {route === "talk" && isTalking && (
              <span className="nav-live">
                <span className="visually-hidden"> (conversation running)</span>
              </span>
            )}
          </a>
        );
      })}
    </nav>
  );
}
