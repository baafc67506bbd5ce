import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { pcmToFloat, concatFloat } from "#core/audio/pcm";
import { ClauseSplitter } from "#core/text/clause-splitter";
import type { TextClause } from "#core/ports/voice-link";
import { holdLease } from "#orchestrator/held-lease";
import { connectHolder } from "../bin/fleet";
import { places } from "../bin/places";
import type { OwnHost } from "../bin/own-host";
import type { BenchmarkContext } from "./benchmark";

export interface SpokenText {
  /** From the hand-over of the first clause to the gRPC call to the first frame out of it, ms. */
  firstFrameMs: number;
  /** 48 kHz mono. */
  samples: Float32Array;
}

export interface BenchVoice {
  /** Speaks a text that is known whole, through lease, gRPC and worker. `firstFrameOnly`: hangs up after it. */
  speak(text: string, options: { voice: string; firstFrameOnly?: boolean }): Promise<SpokenText>;
}

const LEASE_TTL_MS = 15_000;

/** The orchestrator's own way to the host's worker, for as long as `use` runs. */
export async function withVoice<T>(
  deps: { context: BenchmarkContext; host: OwnHost },
  use: (voice: BenchVoice) => Promise<T>,
): Promise<T> {
  const { log } = deps.context;
  const registry = await connectHolder(deps.host.started.holder, log);
  const link = createGrpcVoiceLink({ clock: systemClock, log, protoPath: places.protoPath });
  try {
    return await use({
      async speak(text, { voice, firstFrameOnly = false }) {
        const sessionId = systemIds.next("bench");
        const request = { requestId: sessionId, voice, ttlMs: LEASE_TTL_MS };
        const held = await holdLease({ registry, clock: systemClock, log }, request);
        const sent: { atMs?: number } = {};
        const parts: Float32Array[] = [];
        let firstFrameMs: number | undefined;
        try {
          const { signal } = new AbortController();
          const clauses = clausesOf(text, () => (sent.atMs ??= systemClock.nowMs()));
          for await (const frame of link.speak({ sessionId, voice, lease: held.lease, clauses, signal })) {
            firstFrameMs ??= systemClock.nowMs() - (sent.atMs ?? 0);
            parts.push(pcmToFloat(frame.pcm));
            if (firstFrameOnly) break;
          }
        } finally {
          await held.release();
        }
        if (firstFrameMs === undefined) throw new Error("the worker sent no audio");
        return { firstFrameMs, samples: concatFloat(parts) };
      },
    });
  } finally {
    await link.close();
    await registry.close();
  }
}

async function* clausesOf(text: string, onTaken: () => void): AsyncGenerator<TextClause, void, undefined> {
  const splitter = new ClauseSplitter();
  for (const clause of [...splitter.push(text), ...splitter.end()]) {
    onTaken();
    yield clause;
  }
}
