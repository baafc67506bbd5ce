import { writeFile } from "node:fs/promises";
import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import { createPinoLogger } from "#adapters/logging/pino-logger";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { AppError } from "#contracts/errors";
import { writeWav } from "#core/audio/wav";
import { givenVariable } from "#core/config/given-variable";
import { ClauseSplitter } from "#core/text/clause-splitter";
import type { Logger } from "#core/ports/logger";
import type { TextClause, VoiceLink } from "#core/ports/voice-link";
import { holdLease } from "#orchestrator/held-lease";
import { isWorkerLost } from "#orchestrator/lost-worker";
import { checkText } from "#orchestrator/parley-gate";
import { print, printJson } from "./cli-output";
import { findOrStartFleet, type Fleet } from "./fleet";
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
/** So many names may be left out of a lease. */
const MAX_LOST = 16;

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
    const { frames, worker } = await speak({ text: spoken, voice }, { fleet, link, log });
    const pcm = Int16Array.from(frames.flatMap((frame) => [...frame]));
    await writeFile(options.out, writeWav([pcm], 48_000)).catch((error: unknown) => {
      throw new AppError("file-unreadable", { detail: options.out, cause: error });
    });
    const durationMs = Math.round((pcm.length * 1000) / 48_000);
    if (options.json === true) printJson({ out: options.out, voice, durationMs, worker });
    else print(`${options.out}: ${(durationMs / 1000).toFixed(1)} s, voice ${voice}, worker ${worker}`);
  } finally {
    await link.close();
    await fleet.close();
  }
}

interface SayDeps {
  fleet: Fleet;
  link: VoiceLink;
  log: Logger;
}

/** Of a worker that is lost nothing is kept: another one says all of it. Throws what the first one failed with when there is none. */
async function speak(
  said: { text: string; voice: string },
  { fleet, link, log }: SayDeps,
): Promise<{ frames: Int16Array[]; worker: string }> {
  const lost: string[] = [];
  let failure: unknown;
  for (;;) {
    const sessionId = systemIds.next("say");
    const held = await holdLease(
      { registry: fleet.registry, clock: systemClock, log },
      { requestId: sessionId, voice: said.voice, ttlMs: LEASE_TTL_MS, exclude: lost },
    ).catch((error: unknown) => {
      throw failure ?? error;
    });
    const worker = held.lease.worker.name;
    try {
      const frames: Int16Array[] = [];
      const { lease } = held;
      const clauses = clausesOf(said.text);
      const signal = new AbortController().signal;
      for await (const frame of link.speak({ sessionId, voice: said.voice, lease, clauses, signal }))
        frames.push(frame.pcm);
      return { frames, worker };
    } catch (error) {
      failure ??= error;
      if (!isWorkerLost(error) || lost.push(worker) > MAX_LOST) throw failure;
    } finally {
      await held.release();
    }
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
