import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { isForeignWorker, type WorkerInfo } from "#contracts/registry/worker-record";
import type { Clock } from "#core/ports/clock";
import type { ForeignProbe } from "#core/ports/foreign-workers";
import type { Logger } from "#core/ports/logger";
import type { SpeakRequest, VoiceFrame, VoiceLink } from "#core/ports/voice-link";
import { CapabilitiesReply, ListModelsReply } from "./messages";
import { speakOnce } from "./speak-call";
import { speakForeign } from "./speak-foreign";
import { loadTtsProto } from "./tts-proto";
import { WorkerChannel } from "./worker-channel";

export interface GrpcVoiceLinkOptions {
  clock: Clock;
  log: Logger;
  /** Path of tts.proto. */
  protoPath: string;
  /** Sent to the workers as `authorization: Bearer …`. */
  token?: string;
  /** Authorities of the workers' certificates in PEM form. Default: those that Node knows. */
  ca?: string;
  /** Longest wait for the answer to a unary call. Default 3000. */
  callTimeoutMs?: number;
  /** Longest wait for the first frame after the first text. Default 10 000. */
  firstFrameTimeoutMs?: number;
}

export interface WorkerModel {
  modelId: string;
  family: string;
  isLoaded: boolean;
  languages: string[];
}

export interface GrpcVoiceLink extends VoiceLink, ForeignProbe {
  /** Throws `worker-lost`, `worker-refused`, `worker-unauthorized`, or what is wrong with TLS as `speak` does. */
  listModels(worker: Pick<WorkerInfo, "address" | "isTls">): Promise<WorkerModel[]>;
}

/** Connections kept; the one used longest ago is closed first. Closing does not break its running calls. */
const CHANNEL_LIMIT = 64;

/** The orchestrator's way to the speech workers: one connection for each, kept and reused. */
export function createGrpcVoiceLink(options: GrpcVoiceLinkOptions): GrpcVoiceLink {
  const proto = loadTtsProto(options.protoPath);
  const channels = new Map<string, WorkerChannel>();
  const { clock, log } = options;
  const callTimeoutMs = options.callTimeoutMs ?? 3_000;
  const firstFrameTimeoutMs = options.firstFrameTimeoutMs ?? 10_000;

  const channelTo = (
    { address, isTls = false }: Pick<WorkerInfo, "address" | "isTls">,
    isForeign = false,
  ): WorkerChannel => {
    const token = isForeign ? undefined : options.token;
    const key = `${isForeign ? "foreign " : ""}${isTls ? "tls " : ""}${address}`;
    const channel =
      channels.get(key) ??
      new WorkerChannel({ proto, address, token, isTls, ca: options.ca, isForeign, callTimeoutMs, clock });
    channels.delete(key);
    channels.set(key, channel);
    const [oldest] = channels;
    if (channels.size > CHANNEL_LIMIT && oldest !== undefined) {
      channels.delete(oldest[0]);
      oldest[1].close();
    }
    return channel;
  };

  async function* speak(request: SpeakRequest): AsyncGenerator<VoiceFrame, void, undefined> {
    if (request.signal.aborted) throw new AppError("cancelled");
    const { worker } = request.lease;
    const isForeign = isForeignWorker(worker);
    const deps = { channel: channelTo(worker, isForeign), clock, log, firstFrameTimeoutMs };
    yield* isForeign ? speakForeign(deps, request) : speakOnce(deps, request);
  }

  return {
    speak,
    async listModels(worker) {
      const reply = parseWith(ListModelsReply, await channelTo(worker).unary("ListModels", {}));
      if (!reply.ok) throw new AppError("worker-refused", { detail: reply.issues });
      return reply.value.models.map((model) => ({
        modelId: model.model_id,
        family: model.family,
        isLoaded: model.is_loaded,
        languages: model.languages,
      }));
    },
    async probe(address) {
      const reply = parseWith(CapabilitiesReply, await channelTo({ address }, true).unary("GetCapabilities", {}));
      if (!reply.ok) throw new AppError("worker-refused", { detail: reply.issues });
      return {
        languages: reply.value.capabilities.languages,
        residentModels: reply.value.resident_models,
        sessionCount: reply.value.metrics.queue_depth ?? 0,
      };
    },
    close() {
      for (const channel of channels.values()) channel.close();
      channels.clear();
      return Promise.resolve();
    },
  };
}
