import type { Metadata, handleUnaryCall, sendUnaryData, UntypedServiceImplementation } from "@grpc/grpc-js";
import type { z } from "zod";
import { AppError } from "#contracts/errors";
import { parseWith } from "#contracts/parse";
import type { Clock } from "#core/ports/clock";
import type { VoiceWorker } from "#core/ports/voice-worker";
import { isParleyClient } from "./call-metadata";
import { ControlRequest, EmptyRequest, ModelRequest, SessionRequest, StartSessionRequest } from "./messages";
import type { SessionTable } from "./session-table";
import { toStatus } from "./status-table";

export interface UnaryDeps {
  worker: VoiceWorker;
  sessions: SessionTable;
  clock: Clock;
}

function unary<T>(
  schema: z.ZodType<T>,
  answer: (request: T, metadata: Metadata) => object,
): handleUnaryCall<unknown, object> {
  return (call, callback: sendUnaryData<object>) => {
    try {
      const request = parseWith(schema, call.request);
      if (!request.ok) throw new AppError("bad-message", { detail: request.issues });
      callback(null, answer(request.value, call.metadata));
    } catch (error) {
      callback(toStatus(error));
    }
  };
}

/** All of TTSService but Synthesize. */
export function unaryCalls({ worker, sessions, clock }: UnaryDeps): UntypedServiceImplementation {
  const isKnown = (modelId: string): boolean => worker.models.some((model) => model.modelId === modelId);

  return {
    StartSession: unary(StartSessionRequest, (request, metadata) => {
      if (request.session_id === "") throw new AppError("bad-message", { detail: "session_id" });
      // The predecessor's clients name models of their own, which stand for "whatever you have".
      if (request.model_id !== "" && !isKnown(request.model_id) && isParleyClient(metadata))
        throw new AppError("unknown-voice", { detail: request.model_id });
      const voice = isKnown(request.model_id) ? request.model_id : worker.defaultVoice;
      sessions.start(request.session_id, voice);
      return { success: true, message: `speaking with ${voice}` };
    }),

    EndSession: unary(SessionRequest, (request) => ({ success: sessions.end(request.session_id) })),

    Control: unary(ControlRequest, (request) => {
      const streams = sessions.find(request.session_id)?.streams ?? [];
      const answer = (success: boolean, message: string): object => ({
        success,
        message,
        timestamp_ms: clock.wallTime().getTime(),
      });
      switch (request.command) {
        case "PAUSE":
          for (const stream of streams) stream.pause();
          return answer(true, "paused");
        case "RESUME":
          for (const stream of streams) stream.resume();
          return answer(true, "resumed");
        case "STOP":
          for (const stream of streams) stream.stop();
          return answer(true, "stopped");
        default:
          return answer(false, `${request.command} is not supported`);
      }
    }),

    ListModels: unary(EmptyRequest, () => ({
      models: worker.models.map((model) => ({
        model_id: model.modelId,
        family: model.family,
        is_loaded: true,
        languages: model.languages,
        metadata: { default: String(model.modelId === worker.defaultVoice) },
      })),
    })),

    LoadModel: unary(ModelRequest, (request) =>
      isKnown(request.model_id)
        ? { success: true, message: "it is loaded", load_duration_ms: 0 }
        : { success: false, message: `there is no model ${request.model_id}`, load_duration_ms: 0 },
    ),

    UnloadModel: unary(ModelRequest, (request) =>
      isKnown(request.model_id)
        ? { success: true, message: "released; it stays loaded" }
        : { success: false, message: `there is no model ${request.model_id}` },
    ),

    GetCapabilities: unary(EmptyRequest, () => {
      const stats = worker.stats();
      return {
        capabilities: {
          streaming: true,
          zero_shot: false,
          lora: false,
          cpu_ok: true,
          languages: [...new Set(worker.models.flatMap((model) => model.languages))],
          emotive_zero_prompt: false,
          max_concurrent_sessions: worker.capacity,
        },
        resident_models: worker.models.map((model) => model.modelId),
        metrics: {
          rtf: stats.realTimeFactor ?? 0,
          queue_depth: stats.inUse,
          queue_ms: stats.queueMs,
          ttfa_ms: stats.ttfaMs ?? 0,
        },
      };
    }),
  };
}
