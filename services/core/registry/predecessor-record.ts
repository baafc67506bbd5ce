import type { PredecessorRecord } from "../../contracts/registry/predecessor-record";
import type { WorkerInfo, WorkerStats } from "../../contracts/registry/worker-record";

/** What the predecessor's tools are told of a worker of ours. `heartbeatAtMs` is Unix time in ms. */
export function toPredecessorRecord(
  info: WorkerInfo,
  stats: WorkerStats | undefined,
  heartbeatAtMs: number,
): PredecessorRecord {
  return {
    name: info.name,
    addr: `grpc://${info.address}`,
    capabilities: {
      streaming: true,
      zero_shot: false,
      lora: false,
      cpu_ok: info.device === "cpu",
      languages: info.languages,
      emotive_zero_prompt: false,
      parley_protocol: info.protocolVersion,
    },
    resident_models: info.residentVoices,
    metrics: {
      queue_depth: stats?.inUse ?? 0,
      ...(stats?.realTimeFactor === undefined ? {} : { rtf: stats.realTimeFactor }),
    },
    last_heartbeat_ts: heartbeatAtMs / 1000,
  };
}
