/** A redis-server or valkey-server that this computer can run. */
export interface RedisBinary {
  path: string;
  /** What it needs in its environment, for instance the folder of its libraries. */
  env: Readonly<Record<string, string>>;
  /** For people: "Redis 7.0.15". */
  label: string;
}

/** A private server, supervised: after a crash it is back on the same port with the same password. */
export interface PrivateRedis {
  /** `redis://127.0.0.1:<port>`, without the password. */
  readonly url: string;
  readonly password: string;
  /** host:port, for people. */
  readonly address: string;
  /** Undefined while it is down. */
  pid(): number | undefined;
  /** Gone when this resolves. */
  stop(): Promise<void>;
}
