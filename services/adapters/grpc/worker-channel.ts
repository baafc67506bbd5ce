import { Metadata, credentials } from "@grpc/grpc-js";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { VOICE_PROTOCOL_VERSION, VoiceMetadata } from "#contracts/protocol/voice-metadata";
import type { Clock } from "#core/ports/clock";
import { StartSessionReply } from "./messages";
import { fromStatus } from "./status-table";
import type { TtsClient, TtsProto, UnaryMethod } from "./tts-proto";

const CHANNEL_OPTIONS = {
  // A worker that froze or whose computer vanished is noticed within 7 s, also in the middle of a sentence.
  "grpc.keepalive_time_ms": 5_000,
  "grpc.keepalive_timeout_ms": 2_000,
  "grpc.keepalive_permit_without_calls": 0,
  // A worker that comes back is found at once; a dead one is skipped by the caller, not waited for.
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  "grpc.enable_retries": 0,
  "grpc.use_local_subchannel_pool": 1,
};

/** Sessions remembered per worker; a forgotten one is started anew, which does no harm. */
const SESSION_LIMIT = 512;

export interface WorkerChannelOptions {
  proto: TtsProto;
  /** host:port; a `grpc://` before it is dropped. */
  address: string;
  token: string | undefined;
  /** Longest wait for the answer to a unary call. */
  callTimeoutMs: number;
  clock: Clock;
}

/** One connection to one worker, with the sessions that were started on it. */
export class WorkerChannel {
  readonly client: TtsClient;
  readonly #sessions = new Map<string, Promise<void>>();

  constructor(readonly options: WorkerChannelOptions) {
    this.client = new options.proto.Client(
      options.address.replace(/^grpc:\/\//, ""),
      credentials.createInsecure(),
      CHANNEL_OPTIONS,
    );
  }

  metadata(fencingToken?: number): Metadata {
    const metadata = new Metadata();
    metadata.set(VoiceMetadata.protocolVersion, String(VOICE_PROTOCOL_VERSION));
    if (fencingToken !== undefined) metadata.set(VoiceMetadata.fencingToken, String(fencingToken));
    if (this.options.token !== undefined) metadata.set(VoiceMetadata.authorization, `Bearer ${this.options.token}`);
    return metadata;
  }

  /** gRPC counts deadlines on the wall clock. */
  deadline(limitMs: number): number {
    return this.options.clock.wallTime().getTime() + limitMs;
  }

  unary(method: UnaryMethod, request: object): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.client[method](
        request,
        this.metadata(),
        { deadline: this.deadline(this.options.callTimeoutMs) },
        (error, reply) => {
          if (error === null) resolve(reply);
          else reject(fromStatus(error));
        },
      );
    });
  }

  /** One round trip for the first stream of a session with a voice, none after it. */
  startSession(sessionId: string, voice: string): Promise<void> {
    const key = `${sessionId}\n${voice}`;
    const known = this.#sessions.get(key);
    if (known !== undefined) return known;
    const starting = this.#startSession(sessionId, voice);
    this.#sessions.set(key, starting);
    starting.catch(() => this.#sessions.delete(key));
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size > SESSION_LIMIT && oldest !== undefined) this.#sessions.delete(oldest);
    return starting;
  }

  /** The worker does not know the session (any more): it is started anew with the next stream. */
  forgetSession(sessionId: string): boolean {
    const keys = [...this.#sessions.keys()].filter((key) => key.startsWith(`${sessionId}\n`));
    for (const key of keys) this.#sessions.delete(key);
    return keys.length > 0;
  }

  close(): void {
    this.client.close();
  }

  async #startSession(sessionId: string, voice: string): Promise<void> {
    const reply = parseWith(
      StartSessionReply,
      await this.unary("StartSession", { session_id: sessionId, model_id: voice, options: {} }),
    );
    if (!reply.ok) throw new AppError("worker-refused", { detail: reply.issues });
    if (!reply.value.success) throw new AppError("worker-refused", { detail: reply.value.message.slice(0, 200) });
  }
}
