import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import { VOICE_PROTOCOL_VERSION } from "#contracts/protocol/voice-metadata";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { SpeakRequest, VoiceFrame, VoiceLink } from "#core/ports/voice-link";
import { ListModelsReply } from "./messages";
import { speakOnce } from "./speak-call";
import { loadTtsProto } from "./tts-proto";
import { WorkerChannel } from "./worker-channel";

export interface GrpcVoiceLinkOptions {
  clock: Clock;
  log: Logger;
  /** Path of tts.proto. */
  protoPath: string;
  /** Sent to the workers as `authorization: Bearer …`. */
  token?: string;
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

export interface GrpcVoiceLink extends VoiceLink {
  /** Throws `worker-lost`, `worker-refused`, `unauthorized`. `address`: host:port. */
  listModels(address: string): Promise<WorkerModel[]>;
  /** Tells the workers that were asked to start the session that it is over. Never throws. */
  endSession(sessionId: string): Promise<void>;
}

/** Connections kept; the one used longest ago is closed first. Closing does not break its running calls. */
const CHANNEL_LIMIT = 64;

/** The orchestrator's way to the speech workers: one connection for each, kept and reused. */
export function createGrpcVoiceLink(options: GrpcVoiceLinkOptions): GrpcVoiceLink {
  const proto = loadTtsProto(options.protoPath);
  const channels = new Map<string, WorkerChannel>();
  const { clock, log, token } = options;
  const callTimeoutMs = options.callTimeoutMs ?? 3_000;
  const firstFrameTimeoutMs = options.firstFrameTimeoutMs ?? 10_000;

  const channelTo = (address: string): WorkerChannel => {
    const channel = channels.get(address) ?? new WorkerChannel({ proto, address, token, callTimeoutMs, clock });
    channels.delete(address);
    channels.set(address, channel);
    const [oldest] = channels;
    if (channels.size > CHANNEL_LIMIT && oldest !== undefined) {
      channels.delete(oldest[0]);
      oldest[1].close();
    }
    return channel;
  };

  async function* speak(request: SpeakRequest): AsyncGenerator<VoiceFrame, void, undefined> {
    if (request.signal.aborted) throw new AppError("cancelled");
    const channel = channelTo(request.lease.worker.address);
    // Workers of this protocol start a session with its first stream; older ones want to be asked, once.
    if (request.lease.worker.protocolVersion < VOICE_PROTOCOL_VERSION)
      await channel.startSession(request.sessionId, request.voice);
    if (request.signal.aborted) throw new AppError("cancelled");
    try {
      yield* speakOnce({ channel, clock, firstFrameTimeoutMs }, request);
    } catch (error) {
      // A worker that was restarted no longer knows the session.
      if (error instanceof AppError && (error.code === "worker-refused" || error.code === "worker-lost"))
        channel.forgetSession(request.sessionId);
      throw error;
    }
  }

  return {
    speak,
    async listModels(address) {
      const reply = parseWith(ListModelsReply, await channelTo(address).unary("ListModels", {}));
      if (!reply.ok) throw new AppError("worker-refused", { detail: reply.issues });
      return reply.value.models.map((model) => ({
        modelId: model.model_id,
        family: model.family,
        isLoaded: model.is_loaded,
        languages: model.languages,
      }));
    },
    async endSession(sessionId) {
      const known = [...channels.values()].filter((channel) => channel.forgetSession(sessionId));
      const outcomes = await Promise.allSettled(
        known.map((channel) => channel.unary("EndSession", { session_id: sessionId })),
      );
      const failed = outcomes.filter((outcome) => outcome.status === "rejected").length;
      if (failed > 0) log.debug("workers were not told of a session's end", { failed });
    },
    close() {
      for (const channel of channels.values()) channel.close();
      channels.clear();
      return Promise.resolve();
    },
  };
}
