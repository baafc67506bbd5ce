import { createServer } from "node:net";
import { createSecureContext } from "node:tls";
import {
  Server,
  ServerCredentials,
  ServerInterceptingCall,
  ServerListenerBuilder,
  type Metadata,
  type ServerInterceptor,
} from "@grpc/grpc-js";
import { ReflectionService } from "@grpc/reflection";
import { HealthImplementation } from "grpc-health-check";
import { AppError } from "#contracts/errors";
import { WrongTokens } from "#core/limits/wrong-tokens";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { VoiceWorker } from "#core/ports/voice-worker";
import { checkToken } from "./call-metadata";
import { SessionTable } from "./session-table";
import { toStatus } from "./status-table";
import { SynthesizeCall, type SynthesizeStream } from "./synthesize-call";
import { loadTtsProto } from "./tts-proto";
import { unaryCalls } from "./unary-calls";

export interface GrpcVoiceServerOptions {
  worker: VoiceWorker;
  host: string;
  /** 0: any free port. */
  port: number;
  /** Path of tts.proto. */
  protoPath: string;
  /** When given, every call but the health check must carry it as `authorization: Bearer …`. */
  token?: string;
  /** Certificate, with those between it and its authority, and key, in PEM form. Absent: no TLS. */
  tls?: { certificate: string; key: string };
  clock: Clock;
  log: Logger;
}

export interface GrpcVoiceServer {
  readonly port: number;
  /** The answer of grpc.health.v1, for the whole server and for tts.TTSService. */
  setServing(isServing: boolean): void;
  /** Lets running calls finish for a second, then breaks them. */
  close(): Promise<void>;
}

const SERVICE_NAME = "tts.TTSService";
const HEALTH_PATH = "/grpc.health.v1.";
const CLOSE_GRACE_MS = 1_000;
const SERVER_OPTIONS = {
  // A text of 10,000 characters is 40 kB at most.
  "grpc.max_receive_message_length": 1024 * 1024,
  // A client whose computer vanished is noticed, and its slot freed, within 10 s.
  "grpc.keepalive_time_ms": 5_000,
  "grpc.keepalive_timeout_ms": 5_000,
};

function requireToken(token: string, clock: Clock): ServerInterceptor {
  const wrongTokens = new WrongTokens(clock);
  const refusalOf = (metadata: Metadata, address: string | undefined): AppError | undefined => {
    if (!wrongTokens.mayTry(address)) return new AppError("too-many-wrong-tokens");
    const check = checkToken(metadata, token);
    if (check === "right") return undefined;
    if (check === "wrong") wrongTokens.count(address);
    return new AppError("unauthorized");
  };
  return (method, call) =>
    new ServerInterceptingCall(call, {
      start: (next) => {
        const listener = new ServerListenerBuilder()
          .withOnReceiveMetadata((metadata, pass) => {
            const isOpen = method.path.startsWith(HEALTH_PATH);
            const refusal = isOpen ? undefined : refusalOf(metadata, call.getConnectionInfo().remoteAddress);
            if (refusal === undefined) pass(metadata);
            else call.sendStatus(toStatus(refusal));
          })
          .build();
        next(listener);
      },
    });
}

/** gRPC hides why it could not bind, so the port is tried by plain TCP first. */
function checkPort(host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", (error: NodeJS.ErrnoException) => {
      const detail = `${host}:${port}`;
      if (error.code === "EADDRINUSE") reject(new AppError("port-in-use", { detail, cause: error }));
      else
        reject(
          new AppError("bad-config", {
            detail: `cannot listen on ${detail}: ${error.code ?? "unknown"}`,
            cause: error,
          }),
        );
    });
    probe.listen({ host, port, exclusive: true }, () => probe.close(() => resolve()));
  });
}

/** Throws `bad-config` when key and certificate do not belong together. */
function credentialsOf(tls: GrpcVoiceServerOptions["tls"]): ServerCredentials {
  if (tls === undefined) return ServerCredentials.createInsecure();
  try {
    createSecureContext({ cert: tls.certificate, key: tls.key });
  } catch (error) {
    throw new AppError("bad-config", { detail: "the key does not fit the certificate", cause: error });
  }
  return ServerCredentials.createSsl(null, [
    { cert_chain: Buffer.from(tls.certificate), private_key: Buffer.from(tls.key) },
  ]);
}

function bind(server: Server, { host, port, tls }: GrpcVoiceServerOptions): Promise<number> {
  const offered = credentialsOf(tls);
  const address = host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
  return new Promise((resolve, reject) => {
    server.bindAsync(address, offered, (error, boundPort) => {
      if (error === null) resolve(boundPort);
      else reject(new AppError("port-in-use", { detail: address, cause: error }));
    });
  });
}

/**
 * Serves a speech worker as `tts.TTSService`, with health and reflection beside it.
 * Throws `port-in-use`, or `bad-config` for an address that is not this computer's and for a key of another certificate.
 */
export async function createGrpcVoiceServer(options: GrpcVoiceServerOptions): Promise<GrpcVoiceServer> {
  const { worker, clock, log, host } = options;
  const proto = loadTtsProto(options.protoPath);
  const sessions = new SessionTable();
  const server = new Server({
    ...SERVER_OPTIONS,
    interceptors: options.token === undefined ? [] : [requireToken(options.token, clock)],
  });
  server.addService(proto.service, {
    ...unaryCalls({ worker, sessions, clock }),
    Synthesize: (call: SynthesizeStream) => {
      new SynthesizeCall({ worker, sessions, clock }, call)
        .serve()
        .catch((error: unknown) => log.error("a synthesis call failed", { error: String(error) }));
    },
  });
  const health = new HealthImplementation({ "": "SERVING", [SERVICE_NAME]: "SERVING" });
  health.addToServer(server);
  new ReflectionService(proto.packageDefinition).addToServer(server);

  await checkPort(host, options.port);
  const port = await bind(server, options);
  log.info("serving", { host, port, isTls: options.tls !== undefined });

  const setServing = (isServing: boolean): void => {
    const status = isServing ? "SERVING" : "NOT_SERVING";
    health.setStatus("", status);
    health.setStatus(SERVICE_NAME, status);
  };
  return {
    port,
    setServing,
    close: () =>
      new Promise((resolve) => {
        setServing(false);
        const timer = clock.setTimer(CLOSE_GRACE_MS, () => {
          server.forceShutdown();
          // A frozen peer would hold back the answer to tryShutdown.
          resolve();
        });
        server.tryShutdown(() => {
          timer.dispose();
          resolve();
        });
      }),
  };
}
