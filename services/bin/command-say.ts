import { writeFile } from "node:fs/promises";
import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { AppError } from "#contracts/errors";
import { writeWav } from "#core/audio/wav";
import { givenVariable } from "#core/config/given-variable";
import { ClauseSplitter } from "#core/text/clause-splitter";
import type { TextClause } from "#core/ports/voice-link";
import { holdLease } from "#orchestrator/held-lease";
import { checkText } from "#orchestrator/parley-gate";
import { print, printJson } from "./cli-output";
import { findOrStartFleet } from "./fleet";
import { places } from "./places";
import { loadOrchestratorConfig } from "./own-config";
import { readWorkerCa } from "./tls-files";

export interface SayCommandOptions {
  voice?: string;
  out: string;
  redisUrl?: string;
  json?: boolean;
}

const LEASE_TTL_MS = 15_000;

/** Text to speech through the fleet, or through a worker of its own when there is none. */
export async function commandSay(text: string, options: SayCommandOptions): Promise<void> {
  const spoken = checkText(text);
  const config = await loadOrchestratorConfig(undefined);
  const log = createPinoLogger({ level: "error", service: "say" });
  const fleet = await findOrStartFleet(config.redis, {
    log,
    ...(options.redisUrl === undefined ? {} : { redisUrl: options.redisUrl }),
  });
  const link = createGrpcVoiceLink({
    clock: systemClock,
    log,
    protoPath: places.protoPath,
    token: givenVariable(process.env, "PARLEY_TOKEN"),
    ca: await readWorkerCa(config.voice.workerCaFile),
  });
  try {
    const voice = options.voice ?? config.voice.default;
    await checkVoice(voice, await fleet.registry.list());
    const sessionId = systemIds.next("say");
    const held = await holdLease(
      { registry: fleet.registry, clock: systemClock, log },
      { requestId: sessionId, voice, ttlMs: LEASE_TTL_MS },
    );
    const frames: Int16Array[] = [];
    try {
      const request = {
        sessionId,
        voice,
        lease: held.lease,
        clauses: clausesOf(spoken),
        signal: new AbortController().signal,
      };
      for await (const frame of link.speak(request)) frames.push(frame.pcm);
    } finally {
      await held.release();
    }
    const pcm = Int16Array.from(frames.flatMap((frame) => [...frame]));
    await writeFile(options.out, writeWav([pcm], 48_000)).catch((error: unknown) => {
      throw new AppError("file-unreadable", { detail: options.out, cause: error });
    });
    const durationMs = Math.round((pcm.length * 1000) / 48_000);
    if (options.json === true) printJson({ out: options.out, voice, durationMs, worker: held.lease.worker.name });
    else print(`${options.out}: ${(durationMs / 1000).toFixed(1)} s, voice ${voice}, worker ${held.lease.worker.name}`);
  } finally {
    await link.close();
    await fleet.close();
  }
}

async function checkVoice(voice: string, workers: readonly { info: { voices: readonly string[] } }[]): Promise<void> {
  const voices = new Set(workers.flatMap((worker) => worker.info.voices));
  if (voices.size > 0 && !voices.has(voice))
    throw new AppError("unknown-voice", { detail: `${voice}; there are ${[...voices].sort().join(", ")}` });
}

async function* clausesOf(text: string): AsyncGenerator<TextClause, void, undefined> {
  const splitter = new ClauseSplitter();
  yield* splitter.push(text);
  yield* splitter.end();
}
