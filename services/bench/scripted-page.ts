import { createWebServer } from "#adapters/web-server/web-server";
import { systemClock } from "#adapters/system/system-clock";
import { AppError, toWireError } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { ADMIN_PROTOCOL_NAME, AdminClientMessage, type AdminServerMessage } from "#contracts/protocol/admin";
import { ClientMessage } from "#contracts/protocol/client-message";
import type { ServerMessage } from "#contracts/protocol/server-message";
import type { ClientConnection } from "#core/ports/client-connection";
import { silentLogger } from "#core/ports/logger";
import { places } from "../bin/places";

export interface ScriptedPage {
  /** The page's address. */
  url: string;
  /** To every conversation that is open. */
  say(message: ServerMessage): void;
  /** Pushes a fleet of this size, whose figures are others each time. */
  pushFleet(workerCount: number): void;
  close(): Promise<void>;
}

const STARTED: ServerMessage = {
  type: "session-started",
  sessionId: "bench",
  resumeToken: "bench",
  isResumed: false,
  protocolVersion: 1,
  agentAudio: { sampleRateHz: 48_000, frameSamples: 960 },
  voice: "flite-slt",
  voices: ["flite-slt"],
  brain: { kind: "builtin", label: "Scripted" },
};

/** The built page with an orchestrator behind it that says what the benchmark wants, so that only the page is measured. */
export async function serveScriptedPage(): Promise<ScriptedPage> {
  const talkers = new Set<ClientConnection>();
  const admins = new Set<ClientConnection>();
  let pushCount = 0;
  const web = await createWebServer({
    host: "127.0.0.1",
    port: 0,
    allowedHosts: [],
    allowedOrigins: [],
    maxConnections: 256,
    uiFolder: places.uiFolder,
    routes: new Map(),
    onConnection: (connection) =>
      connection.protocol === ADMIN_PROTOCOL_NAME ? serveAdmin(connection, admins) : serveTalk(connection, talkers),
    onRefused: () => undefined,
    clock: systemClock,
    log: silentLogger,
  });
  return {
    url: `http://127.0.0.1:${web.port}/`,
    say: (message) => talkers.forEach((talker) => talker.send(JSON.stringify(message))),
    pushFleet: (workerCount) => {
      const fleet = fleetOf(workerCount, pushCount++);
      admins.forEach((admin) => admin.send(JSON.stringify(fleet)));
    },
    close: () => web.close(),
  };
}

function serveTalk(connection: ClientConnection, talkers: Set<ClientConnection>): void {
  connection.onClose(() => talkers.delete(connection));
  connection.onMessage((data) => {
    if (typeof data !== "string") return;
    const message = parseJsonWith(ClientMessage, data);
    if (!message.ok || message.value.type !== "session-start") return;
    connection.send(JSON.stringify(STARTED));
    connection.send(JSON.stringify({ type: "state", state: "listening" } satisfies ServerMessage));
    talkers.add(connection);
  });
}

function serveAdmin(connection: ClientConnection, admins: Set<ClientConnection>): void {
  connection.onClose(() => admins.delete(connection));
  connection.onMessage((data) => {
    const message = parseJsonWith(AdminClientMessage, String(data));
    if (!message.ok) return;
    if (message.value.type === "admin-start")
      connection.send(JSON.stringify({ type: "admin-started" } satisfies AdminServerMessage));
    else if (message.value.type === "watch") admins.add(connection);
    else {
      const error = toWireError(new AppError("bad-message", { detail: "not in this script" }));
      const { requestId } = message.value;
      connection.send(JSON.stringify({ type: "reply-failed", requestId, error } satisfies AdminServerMessage));
    }
  });
}

function fleetOf(workerCount: number, round: number): AdminServerMessage {
  const workers = Array.from({ length: workerCount }, (_, index) => {
    const name = `worker-${String(index).padStart(4, "0")}`;
    const inUse = (index + round) % 9;
    return {
      name,
      state: index % 7 === 0 ? ("draining" as const) : ("ready" as const),
      isLive: (index + round) % 11 !== 0,
      capacity: 8,
      inUse,
      heartbeatAgeMs: (index * 37 + round * 211) % 3_000,
      info: {
        name,
        address: `192.0.2.${(index % 250) + 1}:7001`,
        host: `host-${index % 50}`,
        device: index % 4 === 0 ? ("gpu" as const) : ("cpu" as const),
        protocolVersion: 1,
        languages: ["en"],
        voices: ["flite-kal", "flite-slt"],
        residentVoices: ["flite-slt"],
        startedAt: "2026-03-02T09:00:00.000Z",
      },
      stats: { inUse, queueMs: 0, ttfaMs: 40 + ((index + round) % 50), ttfaP90Ms: 90, realTimeFactor: 0.06 },
    };
  });
  return { type: "fleet", fleet: { workers, speakingWorkers: ["worker-0001"] } };
}
