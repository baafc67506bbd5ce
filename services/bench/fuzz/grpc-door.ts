import { connect } from "node:net";
import { Client, Metadata, credentials, status, type ServiceError } from "@grpc/grpc-js";
import { systemClock } from "#adapters/system/system-clock";
import { loadTtsProto } from "#adapters/grpc/tts-proto";
import { VoiceMetadata } from "#contracts/protocol/voice-metadata";
import { eventOf, inBatches, inTime, type Door } from "./door";
import type { Mutator } from "./mutate";

const CALLS_AT_ONCE = 8;
const CHUNKS_PER_STREAM = 3;
/** Long enough for the first frames of a clause. */
const LISTEN_MS = 15;
const DEADLINE_MS = 10_000;

const samples: Readonly<Record<string, object>> = {
  StartSession: { session_id: "s1", model_id: "tone", options: { a: "b" } },
  EndSession: { session_id: "s1" },
  Control: { session_id: "s1", command: "PAUSE" },
  ListModels: {},
  LoadModel: { model_id: "tone", preload_only: true },
  UnloadModel: { model_id: "tone" },
  GetCapabilities: {},
  Synthesize: { session_id: "s1", text: "Good morning to you.", text_offset: 4, model_id: "tone", is_final: true },
};
const HTTP2_PREFACE =
  "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\u0000\u0000\u0006\u0004\u0000\u0000\u0000\u0000\u0000\u0000\u0003\u0000\u0000\u0000d";

const asIs = (bytes: Buffer): Buffer => bytes;

/** Bytes in place of messages, in calls that are right otherwise; and connections that are not even HTTP/2. */
export function createGrpcDoor(options: { address: string; protoPath: string; mutator: Mutator }): Door {
  const { address, mutator } = options;
  const { service } = loadTtsProto(options.protoPath);
  const client = new Client(address, credentials.createInsecure());
  const names = Object.keys(samples);
  const encode = (name: string): Buffer => service[name]?.requestSerialize(samples[name]) ?? Buffer.alloc(0);
  const mutated = (name: string): Buffer => Buffer.from(mutator.bytes(encode(name)));

  const metadata = (): Metadata => {
    const result = new Metadata();
    if (mutator.once(2)) return result;
    // Only what may stand in a header gets past the library.
    const text = (sample: string): string => mutator.text(sample).replace(/[^ -~]/g, "");
    result.set(VoiceMetadata.protocolVersion, text("1"));
    result.set(VoiceMetadata.fencingToken, text("1780000000000000"));
    result.set(VoiceMetadata.authorization, text("Bearer secret"));
    return result;
  };

  const callUnary = (name: string, message: Buffer): Promise<void> =>
    new Promise((resolve, reject) => {
      const deadline = Date.now() + DEADLINE_MS;
      const path = `/tts.TTSService/${name}`;
      client.makeUnaryRequest(path, asIs, asIs, message, metadata(), { deadline }, (error: ServiceError | null) => {
        if (error?.code === status.DEADLINE_EXCEEDED || error?.code === status.UNAVAILABLE) reject(error);
        else resolve();
      });
    });

  const callStream = async (count: number): Promise<void> => {
    const call = client.makeBidiStreamRequest("/tts.TTSService/Synthesize", asIs, asIs, metadata());
    call.on("error", () => undefined);
    call.resume();
    const ended = eventOf(call, "status");
    for (let sent = 0; sent < count; sent++) call.write(mutated("Synthesize"));
    if (mutator.once(2)) call.end();
    const timer = systemClock.setTimer(LISTEN_MS, () => call.cancel());
    await inTime("the end of a gRPC stream", ended);
    timer.dispose();
  };

  const connectRaw = async (): Promise<void> => {
    const [host, port] = address.split(":");
    const socket = connect({ host, port: Number(port) });
    socket.on("error", () => undefined);
    const closed = eventOf(socket, "close");
    socket.resume();
    socket.end(mutator.bytes(Buffer.from(HTTP2_PREFACE, "latin1")));
    await inTime("the end of a raw connection", closed);
  };

  const send = async (count: number): Promise<void> => {
    if (mutator.once(20)) await connectRaw();
    const name = mutator.pick(names);
    if (name === "Synthesize") return callStream(count);
    for (let sent = 0; sent < count; sent++) await callUnary(name, mutated(name));
  };
  return {
    name: "gRPC",
    knock: (messageCount) => inBatches(messageCount, { atOnce: CALLS_AT_ONCE, perStep: CHUNKS_PER_STREAM }, send),
    check: () => callUnary("GetCapabilities", encode("GetCapabilities")),
    close: () => client.close(),
  };
}
