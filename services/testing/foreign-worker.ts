import { Server, ServerCredentials, loadPackageDefinition, status, type Metadata } from "@grpc/grpc-js";
import type { ServerDuplexStream, ServiceDefinition, handleUnaryCall } from "@grpc/grpc-js";
import { loadSync } from "@grpc/proto-loader";

/** How a stand-in goes wrong, beside what the real one always does wrong. */
export type ForeignFault =
  | "none"
  /** One empty frame marked as the last, as the real one after a failure of its model. */
  | "empty-end"
  /** Ends without any frame, as the real one after STOP. */
  | "no-frames"
  | "short-frames"
  | "frames-after-end"
  | "never-ends"
  | "silent"
  | "refuses-sessions"
  | "breaks-in-clause";

export interface ForeignWorker {
  readonly address: string;
  fault: ForeignFault;
  /** Texts of the clauses that were asked for. */
  readonly texts: string[];
  /** Models named by the sessions. */
  readonly models: string[];
  readonly commands: string[];
  /** Names of the metadata that came with the calls. */
  readonly metadataNames: Set<string>;
  readonly openSessions: ReadonlySet<string>;
  /** As `kill -9`: the connections break. */
  kill(): void;
}

const FRAME_BYTES = 1920;
const FRAMES_PER_WORD = 15;
const PROTO = "services/contracts/proto/tts.proto";

/**
 * A stand-in for a worker of the predecessor, made from what its wire was seen to do: sessions must be started, a clause
 * is read until half-close and sent at once without pacing, errors come as `success: false`, STOP mutes it for ever.
 */
export async function startForeignWorker(
  options: { host?: string; port?: number; /** It hangs in the clause after these. */ spokenClauses?: number } = {},
): Promise<ForeignWorker> {
  const { host = "127.0.0.1", port = 0, spokenClauses = Infinity } = options;
  const root = loadPackageDefinition(loadSync(PROTO, { keepCase: true, longs: Number, enums: String })) as unknown as {
    tts: { TTSService: { service: ServiceDefinition } };
  };
  const server = new Server();
  const texts: string[] = [];
  const models: string[] = [];
  const commands: string[] = [];
  const metadataNames = new Set<string>();
  const openSessions = new Set<string>();
  let isMuted = false;

  const unary =
    (answer: (request: Record<string, string>) => object): handleUnaryCall<Record<string, string>, object> =>
    (call, callback) => {
      noteMetadata(call.metadata);
      callback(null, answer(call.request));
    };
  const noteMetadata = (metadata: Metadata): void => {
    for (const name of Object.keys(metadata.getMap())) metadataNames.add(name);
  };
  const synthesize = (call: ServerDuplexStream<Record<string, string>, object>): void => {
    noteMetadata(call.metadata);
    const chunks: Record<string, string>[] = [];
    call.on("error", () => undefined);
    call.on("data", (chunk: Record<string, string>) => chunks.push(chunk));
    call.on("end", () => {
      const [first] = chunks;
      const fail = (code: status, details: string): void => void call.emit("error", { code, details });
      if (!first?.session_id) return fail(status.INVALID_ARGUMENT, "Missing session_id");
      if (!openSessions.has(first.session_id)) return fail(status.NOT_FOUND, "no such session");
      const text = chunks.map((chunk) => chunk.text).join("");
      texts.push(text);
      if (worker.fault === "silent" || texts.length > spokenClauses) return;
      if (isMuted || worker.fault === "no-frames") return call.end();
      speak(call, { text, sessionId: first.session_id, fault: worker.fault });
    });
  };

  const worker: ForeignWorker & { address: string } = {
    address: "",
    fault: "none",
    texts,
    models,
    commands,
    metadataNames,
    openSessions,
    kill: () => server.forceShutdown(),
  };
  server.addService(root.tts.TTSService.service, {
    StartSession: unary(({ session_id = "", model_id = "" }) => {
      if (worker.fault === "refuses-sessions") return { success: false, message: `unknown model ${model_id}` };
      openSessions.add(session_id);
      models.push(model_id);
      return { success: true, message: "" };
    }),
    EndSession: unary(({ session_id = "" }) => ({ success: openSessions.delete(session_id) })),
    Control: unary(({ command = "" }) => {
      commands.push(command);
      isMuted ||= command === "STOP";
      return { success: true, message: "", timestamp_ms: 0 };
    }),
    ListModels: unary(() => ({ models: [{ model_id: "cosyvoice2-en-base", family: "mock", is_loaded: true }] })),
    LoadModel: unary(() => ({ success: true })),
    UnloadModel: unary(() => ({ success: true })),
    GetCapabilities: unary(() => ({
      capabilities: { streaming: true, cpu_ok: true, languages: ["en"], max_concurrent_sessions: 10 },
      resident_models: ["cosyvoice2-en-base"],
      metrics: { rtf: 0.1, queue_depth: openSessions.size },
    })),
    Synthesize: synthesize,
  });
  const bound = await new Promise<number>((resolve, reject) => {
    server.bindAsync(`${host}:${port}`, ServerCredentials.createInsecure(), (error, boundPort) =>
      error === null ? resolve(boundPort) : reject(error),
    );
  });
  worker.address = `${host}:${bound}`;
  return worker;
}

interface Spoken {
  text: string;
  sessionId: string;
  fault: ForeignFault;
}

function speak(call: ServerDuplexStream<object, object>, { text, sessionId, fault }: Spoken): void {
  let sequence = 0;
  const send = (bytes: number, isFinal: boolean): void => {
    const audio = Buffer.alloc(bytes);
    for (let at = 0; at + 1 < bytes; at += 2)
      audio.writeInt16LE(Math.round(6_000 * Math.sin((at / 2) * 0.03 + sequence)), at);
    sequence += 1;
    call.write({
      session_id: sessionId,
      audio_data: audio,
      sample_rate: 48_000,
      frame_duration_ms: 20,
      sequence_number: sequence,
      is_final: isFinal,
    });
  };
  if (fault === "empty-end") {
    send(0, true);
    return void call.end();
  }
  const frameCount = text.trim().split(/\s+/).length * FRAMES_PER_WORD;
  if (fault === "never-ends") {
    // Pauses when nobody reads, and stops with the call.
    const more = (): void => {
      for (let burst = 0; burst < 100; burst++) send(FRAME_BYTES, false);
      if (!call.cancelled && !call.destroyed) setImmediate(more);
    };
    return more();
  }
  for (let frame = 1; frame <= frameCount; frame++) {
    if (fault === "breaks-in-clause" && frame > frameCount / 2)
      return void call.emit("error", { code: status.UNKNOWN, details: "CUDA out of memory" });
    send(fault === "short-frames" ? FRAME_BYTES / 2 : FRAME_BYTES, frame === frameCount);
  }
  if (fault === "frames-after-end") for (let extra = 0; extra < 50; extra++) send(FRAME_BYTES, extra % 2 === 0);
  call.end();
}
