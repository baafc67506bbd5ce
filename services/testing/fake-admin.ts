import type { DoctorReport } from "#contracts/doctor/report";
import { AppError, toWireError, type ErrorCode } from "#contracts/errors";
import { parseJsonWith, parseWith } from "#contracts/parse";
import {
  adminCalls,
  AdminClientMessage,
  type AdminCallName,
  type AdminResponse,
  type AdminServerMessage,
  type FleetSnapshot,
  type FleetWorker,
  type RedisSnapshot,
  type SettingsView,
} from "#contracts/protocol/admin";
import { CloseCode } from "#contracts/protocol/limits";
import type { ConversationRecord } from "#contracts/recording/kept-conversation";
import type { TransportConnector, TransportEvents } from "#core/client/client-transport";

/** The way from a fake orchestrator to one of its admin clients. */
interface AdminPeer {
  send(text: string): void;
  close(code: number): void;
}

interface Client extends AdminPeer {
  isStarted: boolean;
  topics: readonly ("fleet" | "redis")[];
}

export interface FakeAdminOptions {
  /** Default 3. */
  workerCount?: number | undefined;
  /** Default: none is asked for. */
  token?: string;
}

/**
 * The orchestrator's side of `parley.admin.v1` in memory: what a screen does to it stays done. Snapshots are pushed when a
 * client begins to watch, after each change, and on `push`.
 */
export class FakeAdmin {
  fleet: FleetSnapshot;
  redis: RedisSnapshot = fakeRedis();
  settings: SettingsView = {
    settings: {
      voice: "flite-slt",
      turnPreset: "balanced",
      brain: { kind: "auto", url: "", model: "" },
      redis: { url: "", caFile: "" },
      recording: "text",
      mode: "full",
    },
    hasBrainApiKey: false,
    hasRedisPassword: false,
    fixedBy: {},
    brainLabel: "Built-in responder (no language model)",
    hasLanguageModel: false,
    file: "/home/ada/.config/parley/settings.json",
    secretKeeping: "keyring",
    isFirstRun: false,
    isWorkerOnly: false,
    hasMode: true,
    recordingsFolder: "/home/ada/.local/share/parley/recordings",
  };
  doctorReport: DoctorReport = {
    isBroken: true,
    findings: [
      { check: "configuration", status: "ok", words: "The configuration is valid." },
      {
        check: "redis",
        status: "broken",
        words: "The Redis server refused the password. (redis.lan:6379)",
        fix: "export REDIS_URL=redis://:PASSWORD@redis.lan:6379",
      },
      { check: "audio", status: "warn", words: "There is no microphone on this computer.", fix: "arecord -l" },
    ],
  };
  conversations: ConversationRecord[] = fakeConversations();
  #deleted: ConversationRecord[] = [];
  /** Every call that came, oldest first. */
  readonly calls: { name: AdminCallName; request: unknown }[] = [];
  readonly #token: string | undefined;
  readonly #clients = new Set<Client>();
  readonly #failures = new Map<AdminCallName, ErrorCode>();

  constructor(options: FakeAdminOptions = {}) {
    this.#token = options.token;
    const workers = fakeWorkers(options.workerCount ?? 3);
    this.fleet = { workers, speakingWorkers: ["worker-1"], ownWorker: "worker-1" };
  }

  /** For `new AdminClient({ connect, clock })`. */
  readonly connect: TransportConnector = (events: TransportEvents) => {
    const served = this.serve({
      send: (text) => queueMicrotask(() => events.onMessage(text)),
      close: (code) => queueMicrotask(() => events.onClose({ code })),
    });
    queueMicrotask(() => events.onOpen());
    return {
      bufferedBytes: 0,
      send: (data) => {
        if (typeof data === "string") served.receive(data);
      },
      close: () => served.leave(),
    };
  };

  /** Serves a connection that some transport carries. */
  serve(peer: AdminPeer): { receive(text: string): void; leave(): void } {
    const client: Client = { ...peer, isStarted: false, topics: [] };
    this.#clients.add(client);
    return {
      receive: (text) => this.#receive(client, text),
      leave: () => void this.#clients.delete(client),
    };
  }

  /** The next call of this name is refused with the code. */
  failNext(name: AdminCallName, code: ErrorCode): void {
    this.#failures.set(name, code);
  }

  /** Sends `fleet` and `redis`, as they are now, to those who watch. */
  push(): void {
    for (const client of this.#clients) this.#pushTo(client);
  }

  /** Ends all connections without a word. */
  dropConnections(): void {
    for (const client of [...this.#clients]) client.close(1006);
    this.#clients.clear();
  }

  #receive(client: Client, text: string): void {
    const parsed = parseJsonWith(AdminClientMessage, text);
    if (!parsed.ok)
      return send(client, { type: "error", error: wire(new AppError("bad-message", { detail: parsed.issues })) });
    const message = parsed.value;
    if (message.type === "admin-start") {
      if (this.#token !== undefined && message.token !== this.#token) return client.close(CloseCode.unauthorized);
      client.isStarted = true;
      return send(client, { type: "admin-started" });
    }
    if (!client.isStarted) return client.close(CloseCode.badMessage);
    if (message.type === "watch") {
      client.topics = message.topics;
      return this.#pushTo(client);
    }
    const { requestId, name } = message;
    try {
      send(client, { type: "reply", requestId, value: this.#answer(name, message.request) });
    } catch (error) {
      send(client, { type: "reply-failed", requestId, error: wire(error) });
    }
    this.push();
  }

  #pushTo(client: Client): void {
    if (client.topics.includes("fleet")) send(client, { type: "fleet", fleet: this.fleet });
    if (client.topics.includes("redis")) send(client, { type: "redis", redis: this.redis });
  }

  #answer(name: AdminCallName, request: unknown): AdminResponse<AdminCallName> {
    this.calls.push({ name, request });
    const failure = this.#failures.get(name);
    this.#failures.delete(name);
    if (failure !== undefined) throw new AppError(failure);
    const read = <Name extends AdminCallName>(of: Name) => readRequest(of, request);
    switch (name) {
      case "worker-drain":
        return this.#setState(read(name).name, "draining");
      case "worker-undrain":
        return this.#setState(read(name).name, "ready");
      case "redis-test":
        return { roundTripMs: 0.4, version: "7.0.15" };
      case "computer-check":
        return this.doctorReport;
      case "settings-get":
        return this.settings;
      case "settings-set": {
        const { brainApiKey, redisPassword, reset: _reset, ...patch } = read(name);
        const hasBrainApiKey = brainApiKey === undefined ? this.settings.hasBrainApiKey : brainApiKey !== "";
        const hasRedisPassword = redisPassword === undefined ? this.settings.hasRedisPassword : redisPassword !== "";
        if (patch.redis !== undefined) this.redis = movedTo(this.redis, patch.redis.url);
        this.settings = {
          ...this.settings,
          hasBrainApiKey,
          hasRedisPassword,
          isFirstRun: false,
          settings: { ...this.settings.settings, ...patch },
        };
        return this.settings;
      }
      case "brain-test":
        return { models: ["llama3.2", "qwen3"], firstTokenMs: 180 };
      case "voice-preview":
        return { sampleRateHz: 48_000, pcm: loudPcm() };
      case "conversations-list": {
        const query = read(name).query.toLowerCase();
        const conversations = this.conversations.filter((kept) =>
          JSON.stringify(kept.messages).toLowerCase().includes(query),
        );
        return { conversations, skippedCount: 0 };
      }
      case "conversation-get": {
        const { id } = read(name);
        const found = this.conversations.find((kept) => kept.id === id);
        if (found === undefined) throw new AppError("unknown-conversation");
        return found;
      }
      case "conversation-delete": {
        const { id } = read(name);
        this.#deleted = this.conversations.filter((kept) => kept.id === id);
        this.conversations = this.conversations.filter((kept) => kept.id !== id);
        return null;
      }
      case "conversation-restore":
        this.conversations = [...this.conversations, ...this.#deleted].sort((a, b) => (a.id < b.id ? 1 : -1));
        this.#deleted = [];
        return null;
      case "conversation-sound": {
        const { lengthMs } = read(name);
        const track = { sampleRateHz: 16_000, pcm: Buffer.alloc(lengthMs * 32).toString("base64") };
        return { user: track, agent: track };
      }
    }
  }

  #setState(name: string, state: "ready" | "draining"): null {
    if (!this.fleet.workers.some((worker) => worker.name === name))
      throw new AppError("unknown-worker", { detail: name });
    const workers = this.fleet.workers.map((worker) => (worker.name === name ? { ...worker, state } : worker));
    this.fleet = { ...this.fleet, workers };
    return null;
  }
}

function movedTo(redis: RedisSnapshot, url: string): RedisSnapshot {
  if (url === "") return { ...redis, origin: { source: "private", address: "127.0.0.1:40213" } };
  return { ...redis, origin: { source: "settings", address: url.replace(/^.*[@/]/, "") } };
}

/** 0.4 s of a square wave, as base64. */
function loudPcm(): string {
  const pcm = Int16Array.from({ length: 19_200 }, (_, i) => (i % 96 < 48 ? 8_000 : -8_000));
  return btoa(String.fromCharCode(...new Uint8Array(pcm.buffer)));
}

function readRequest<Name extends AdminCallName>(name: Name, request: unknown) {
  const parsed = parseWith<unknown>(adminCalls[name].request, request);
  if (!parsed.ok) throw new AppError("bad-message", { detail: parsed.issues });
  // The schema was picked by the call's own name, which the compiler cannot follow through the lookup.
  return parsed.value as (typeof adminCalls)[Name]["request"]["_output"];
}

function send(client: Client, message: AdminServerMessage): void {
  client.send(JSON.stringify(message));
}

const wire = toWireError;

/** worker-1 is ready and speaks, worker-2 drains, worker-3 is another computer's and overdue; then the same again. */
export function fakeWorkers(count: number): FleetWorker[] {
  return Array.from({ length: count }, (_, index): FleetWorker => {
    const kind = index % 3;
    const name = `worker-${index + 1}`;
    return {
      name,
      state: kind === 1 ? "draining" : "ready",
      isLive: kind !== 2,
      capacity: 8,
      inUse: kind === 0 ? 1 : 0,
      heartbeatAgeMs: kind === 2 ? 14_200 : 400 + (index % 7) * 200,
      info: {
        name,
        address: `192.0.2.${(index % 250) + 1}:7001`,
        host: kind === 2 ? "garage" : "desk",
        device: kind === 2 ? "gpu" : "cpu",
        protocolVersion: 1,
        languages: ["en"],
        voices: ["flite-kal", "flite-slt"],
        residentVoices: ["flite-slt"],
        startedAt: "2026-03-02T09:00:00.000Z",
      },
      stats:
        kind === 2
          ? undefined
          : { inUse: kind === 0 ? 1 : 0, queueMs: 0, ttfaMs: 42 + (index % 20), ttfaP90Ms: 88, realTimeFactor: 0.06 },
    };
  });
}

function fakeRedis(): RedisSnapshot {
  return {
    origin: { source: "private", address: "127.0.0.1:40213" },
    server: {
      version: "7.0.15",
      mode: "standalone",
      role: "master",
      runId: "a3f1".repeat(10),
      uptimeSeconds: 3_725,
      connectedClients: 4,
      maxClients: 512,
      usedMemoryBytes: 1_480_000,
      maxMemoryBytes: 67_108_864,
      commandsPerSecond: 12,
      hitRatio: 0.98,
      evictedKeys: 0,
      roundTripMs: 0.3,
    },
  };
}

const FAKE_CONVERSATION = { hasAudio: true, isRunning: false, voice: "flite-slt", brainLabel: "Built-in responder" };

function fakeConversations(): ConversationRecord[] {
  return [
    {
      ...FAKE_CONVERSATION,
      id: "20260302T101500000Z-00000000000b",
      startedAt: "2026-03-02T10:15:00.000Z",
      durationMs: 31_000,
      title: "What is the capital of France?",
      turnCount: 2,
      messages: [
        { role: "user", text: "What is the capital of France?", atMs: 4_000 },
        { role: "agent", text: "It is Paris.", atMs: 5_000 },
        { role: "user", text: "Tell me a story.", atMs: 20_000 },
        {
          role: "agent",
          text: "Once there was a lighthouse",
          unheardText: " keeper who counted ships.",
          isInterrupted: true,
          atMs: 21_000,
        },
      ],
    },
    {
      ...FAKE_CONVERSATION,
      id: "20260301T180200000Z-00000000000a",
      startedAt: "2026-03-01T18:02:00.000Z",
      durationMs: 12_000,
      title: "How many days has February?",
      turnCount: 1,
      hasAudio: false,
      messages: [
        { role: "user", text: "How many days has February?", atMs: 3_000 },
        { role: "agent", text: "Twenty eight, or twenty nine in a leap year.", atMs: 4_000 },
      ],
    },
  ];
}
