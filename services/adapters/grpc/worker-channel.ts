import { isIP } from "node:net";
import { checkServerIdentity } from "node:tls";
import {
  Metadata,
  credentials,
  status,
  type ChannelCredentials,
  type ChannelOptions,
  type ServiceError,
} from "@grpc/grpc-js";
import { VOICE_PROTOCOL_VERSION, VoiceMetadata } from "#contracts/protocol/voice-metadata";
import { AppError } from "#contracts/errors";
import type { Clock } from "#core/ports/clock";
import { diagnoseWorker } from "./diagnose-worker";
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

/** Peers that know nothing of Parley may end a connection that asks whether they still live [RG93]. */
const FOREIGN_CHANNEL_OPTIONS = {
  "grpc.initial_reconnect_backoff_ms": 100,
  "grpc.max_reconnect_backoff_ms": 2_000,
  "grpc.enable_retries": 0,
  "grpc.use_local_subchannel_pool": 1,
};

/** Stands for an IP address where TLS wants a name: gRPC would give the address itself, and Node warns of that on stderr. */
const NAME_OF_ADDRESS = "worker.invalid";

/** The certificate is checked for the host in `address`, be it a name or an IP address. */
function secureChannel(
  address: string,
  ca: string | undefined,
): { credentials: ChannelCredentials; options: ChannelOptions } {
  const host = address.replace(/:\d+$/, "").replace(/^\[|\]$/g, "");
  const roots = ca === undefined ? null : Buffer.from(ca);
  if (isIP(host) === 0) return { credentials: credentials.createSsl(roots), options: {} };
  return {
    credentials: credentials.createSsl(roots, null, null, {
      checkServerIdentity: (_name, certificate) => checkServerIdentity(host, certificate),
    }),
    options: { "grpc.ssl_target_name_override": NAME_OF_ADDRESS },
  };
}

export interface WorkerChannelOptions {
  proto: TtsProto;
  /** host:port; a `grpc://` before it is dropped. */
  address: string;
  token: string | undefined;
  /** As its record says. */
  isTls: boolean;
  /** Authorities of the workers' certificates in PEM form; undefined: those that Node knows. */
  ca: string | undefined;
  /** A worker of the predecessor: it gets neither the token nor other metadata. */
  isForeign: boolean;
  /** Longest wait for the answer to a unary call. */
  callTimeoutMs: number;
  clock: Clock;
}

/** One connection to one worker. */
export class WorkerChannel {
  readonly client: TtsClient;
  #hasAnswered = false;

  constructor(readonly options: WorkerChannelOptions) {
    const address = options.address.replace(/^grpc:\/\//, "");
    const secure = options.isTls ? secureChannel(address, options.ca) : undefined;
    this.client = new options.proto.Client(address, secure?.credentials ?? credentials.createInsecure(), {
      ...(options.isForeign ? FOREIGN_CHANNEL_OPTIONS : CHANNEL_OPTIONS),
      ...secure?.options,
    });
  }

  metadata(fencingToken?: number): Metadata {
    const metadata = new Metadata();
    if (this.options.isForeign) return metadata;
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
          if (error === null) {
            this.noteAnswer();
            resolve(reply);
          } else void this.explain(error).then(reject);
        },
      );
    });
  }

  /** The worker was reached: what fails from now on is no matter of the way there or of TLS. */
  noteAnswer(): void {
    this.#hasAnswered = true;
  }

  /** What a call's failure means. Of a worker that was never reached yet it may take 0.4 s to find out. */
  async explain(failure: Pick<ServiceError, "code" | "details" | "metadata">): Promise<AppError> {
    const error = fromStatus(failure);
    if (error.code === "worker-unauthorized")
      return new AppError(error.code, { detail: `${this.options.address}: ${failure.details}`, cause: error });
    if (failure.code !== status.UNAVAILABLE || this.#hasAnswered || this.options.isForeign) return error;
    return (await diagnoseWorker(this.options)) ?? error;
  }

  close(): void {
    this.client.close();
  }
}
