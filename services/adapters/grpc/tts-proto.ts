import {
  type Metadata,
  loadPackageDefinition,
  type Client,
  type ClientDuplexStream,
  type ClientOptions,
  type ChannelCredentials,
  type ServiceDefinition,
  type CallOptions,
  type ServiceError,
} from "@grpc/grpc-js";
import { loadSync, type PackageDefinition } from "@grpc/proto-loader";
import { AppError } from "#contracts/errors";

type UnaryCall = (
  request: object,
  metadata: Metadata,
  options: CallOptions,
  callback: (error: ServiceError | null, reply: unknown) => void,
  // eslint-disable-next-line @typescript-eslint/max-params -- grpc-js gives the parameters
) => void;

/** Client of `tts.TTSService`; replies are unchecked until they pass a schema. */
export interface TtsClient extends Client {
  StartSession: UnaryCall;
  EndSession: UnaryCall;
  ListModels: UnaryCall;
  GetCapabilities: UnaryCall;
  Synthesize(metadata: Metadata, options: CallOptions): ClientDuplexStream<object, unknown>;
}

export type UnaryMethod = "StartSession" | "EndSession" | "ListModels" | "GetCapabilities";

export interface TtsProto {
  packageDefinition: PackageDefinition;
  service: ServiceDefinition;
  Client: new (address: string, credentials: ChannelCredentials, options: ClientOptions) => TtsClient;
}

/** Reads tts.proto. Throws `file-unreadable`. */
export function loadTtsProto(protoPath: string): TtsProto {
  try {
    // 64-bit numbers are sequence numbers and sample positions: far below 2^53.
    const packageDefinition = loadSync(protoPath, { keepCase: true, longs: Number, enums: String, defaults: true });
    const root = loadPackageDefinition(packageDefinition) as unknown as {
      tts: { TTSService: TtsProto["Client"] & { service: ServiceDefinition } };
    };
    return { packageDefinition, service: root.tts.TTSService.service, Client: root.tts.TTSService };
  } catch (error) {
    throw new AppError("file-unreadable", { detail: protoPath, cause: error });
  }
}
