import type { ComposeFile } from "#contracts/doctor/compose";

/** Who listens on a port of this computer. */
export interface PortHolder {
  /** Undefined: another user's program. */
  pid?: number;
  /** "redis-server"; undefined with the pid. */
  program?: string;
  /** Whether it is a part of Parley. */
  isParley: boolean;
}

/** Where the Redis is that Parley would use, and who says so. */
export interface RedisPlan {
  /** host:port and so on, without secrets. */
  address: string;
  /** Undefined for Sentinels and Clusters. */
  node: { host: string; port: number } | undefined;
  /** "REDIS_URL", a file, "Settings", or "the Parley that runs". */
  origin: string;
  isTls: boolean;
}

export interface RedisFacts {
  version: string;
  roundTripMs: number;
  /** Its clock minus this computer's. */
  skewMs: number;
  usedMemoryBytes: number;
  /** 0: no limit. */
  maxMemoryBytes: number;
}

export interface WorkerAddress {
  name: string;
  address: string;
  /** It never registers itself and knows no token. */
  isForeign: boolean;
  isTls?: boolean | undefined;
}

export type WorkerAnswer =
  | { type: "answers" }
  /** In a few words. */
  | { type: "unreachable"; reason: string }
  | { type: "not-grpc" }
  | { type: "refuses"; words: string; action: string };

export interface RedisProgram {
  path: string;
  /** "Redis 7.0.15"; undefined when it does not run here. */
  label: string | undefined;
  isUsable: boolean;
}

export interface ModelFile {
  /** File name. */
  name: string;
  /** Undefined: there is none. */
  sha256: string | undefined;
}

export type FolderVariable = "XDG_CONFIG_HOME" | "XDG_DATA_HOME" | "XDG_CACHE_HOME" | "XDG_RUNTIME_DIR";

export interface AudioFacts {
  canPlay: boolean;
  canRecord: boolean;
  /** "PipeWire", "PulseAudio"; undefined: neither runs. */
  soundServer: string | undefined;
}

/** What the checks look at. Each may reject with an `AppError`; none writes anything. */
export interface Probes {
  platform: string;
  /** What is accepted and has no effect, and what is wrong with the settings, in words. Rejects with `bad-config`, `file-unreadable` or `token-required`. */
  readConfiguration(): Promise<{ notes: readonly string[]; settingsFault?: string }>;
  /** Those that the page and the worker would show. Rejects with `bad-config` or `file-unreadable`. */
  certificates(): Promise<readonly { file: string; expiresInMs: number }[]>;
  /** Undefined: none is given, and no Parley runs. */
  redisPlan(): Promise<RedisPlan | undefined>;
  /** Connects to what `redisPlan` says. Rejects with what is wrong. */
  askRedis(): Promise<RedisFacts>;
  redisPrograms(): Promise<readonly RedisProgram[]>;
  mayFetchRedis(): Promise<boolean>;
  portHolder(port: number): Promise<PortHolder | undefined>;
  /** Parley's own, by what listens there. */
  ownPorts(): Promise<readonly { port: number; use: "page" | "worker" }[]>;
  /** The Compose files of the folder, later ones over earlier ones. */
  composeFiles(): Promise<readonly { name: string; content: ComposeFile }[]>;
  /** Of the Parley that runs; undefined: none. */
  readiness(): Promise<{ isReady: boolean; reasons: string } | undefined>;
  /** Of the fleet and of the configuration. Rejects when the fleet cannot be asked. */
  workers(): Promise<readonly WorkerAddress[]>;
  tryWorker(worker: WorkerAddress): Promise<WorkerAnswer>;
  modelFiles(): Promise<readonly ModelFile[]>;
  /** Runs a model once. "cpu" and the like. */
  inferenceProviders(): Promise<readonly string[]>;
  freeDiskBytes(): Promise<{ folder: string; freeBytes: number }>;
  /** Folders of the user, there or not, in which nothing can be written, and the variable that names another. */
  unwritableFolders(): Promise<readonly { folder: string; variable: FolderVariable }[]>;
  memory(): Promise<{ totalBytes: number; availableBytes: number }>;
  audio(): Promise<AudioFacts>;
  /** Why there can be no window; undefined: there can. */
  windowObstacle(): Promise<string | undefined>;
}
