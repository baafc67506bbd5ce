import type { RedisSnapshot } from "#contracts/protocol/admin";
import { formatBytes, formatCount, formatMs, formatPercent, formatUptime } from "../../ui/figures";

type Server = NonNullable<RedisSnapshot["server"]>;

const sourceWords: Record<RedisSnapshot["origin"]["source"], string> = {
  "url": "The one at REDIS_URL",
  "settings": "The one chosen here",
  "config": "The one named in the configuration",
  "local": "Found running on this computer",
  "private": "Parley's own, started and ended with it",
  "in-process": "No Redis: the registry lives inside Parley",
};

export function wordsOfSource({ origin }: RedisSnapshot): string {
  return sourceWords[origin.source];
}

export interface Figure {
  label: string;
  value: string;
  /** What the figure means, where that is not plain. */
  note?: string;
  isAlarm?: boolean;
}

/** Everything about the server as label and value, in the order in which a person asks. */
export function serverFigures(server: Server): Figure[] {
  const memoryLimit = server.maxMemoryBytes === 0 ? "no limit" : `of ${formatBytes(server.maxMemoryBytes)}`;
  return [
    { label: "Version", value: server.version },
    { label: "Mode", value: server.mode },
    { label: "Role", value: server.role === "slave" ? "replica" : server.role },
    { label: "Running for", value: formatUptime(server.uptimeSeconds) },
    { label: "Round trip", value: formatMs(server.roundTripMs) },
    { label: "Commands", value: `${formatCount(server.commandsPerSecond)} / s` },
    { label: "Memory", value: formatBytes(server.usedMemoryBytes), note: memoryLimit },
    {
      label: "Clients",
      value: formatCount(server.connectedClients),
      note: `of ${formatCount(server.maxClients)}`,
      isAlarm: server.connectedClients >= 0.9 * server.maxClients,
    },
    {
      label: "Lookups that hit",
      value: server.hitRatio === undefined ? "none made" : formatPercent(server.hitRatio),
    },
    {
      label: "Keys thrown out",
      value: formatCount(server.evictedKeys),
      isAlarm: server.evictedKeys > 0,
    },
  ];
}

/** What is wrong although Redis answers. */
export function alarmWords(server: Server): string | undefined {
  if (server.evictedKeys > 0)
    return "Redis threw keys out for lack of memory, so workers may vanish from the list. Raise its maxmemory.";
  if (server.connectedClients >= 0.9 * server.maxClients)
    return "Redis has hardly a connection left. Raise its maxclients.";
  return undefined;
}
