import { createServer, type AddressInfo } from "node:net";
import os from "node:os";
import { createFliteEngine } from "#adapters/flite-tts/flite-engine";
import { createGrpcVoiceServer } from "#adapters/grpc/grpc-voice-server";
import { createSpeakableText } from "#adapters/speakable-text/speakable-text";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import type { PreparedMove } from "#adapters/registry-channel/move-registry";
import { createLoopTurns } from "#adapters/system/loop-turns";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { createToneEngine } from "#adapters/tone-tts/tone-engine";
import { isLoopback } from "#adapters/web-server/host-policy";
import type { WorkerConfig } from "#contracts/config/worker";
import type { RegistryAddress } from "#contracts/child/registry-move";
import { AppError } from "#contracts/errors";
import { openAll, type ClosingStack } from "#core/lifecycle/closing-stack";
import type { Logger } from "#core/ports/logger";
import type { TtsEngine } from "#core/ports/tts-engine";
import { loadWorkerConfig as loadConfig, type ConfigOptions } from "#host/load-config";
import { defaultWorkerName, NONCE_ENV } from "#host/worker-identity";
import { createTtsWorker } from "#tts-worker/tts-worker";
import { warmUpWorker } from "#tts-worker/worker-warm-up";
import { advertisedAddress } from "./advertised-address";
import { places } from "./places";
import { readTls } from "./tls-files";
import { connectRegistry } from "./registry-choice";
import type { RunningService } from "./service-process";
import { startWarmUp } from "./warm-up";

export interface WorkerRun {
  config: WorkerConfig;
  registry: RegistryAddress;
  token: string | undefined;
  log: Logger;
}

export interface RunningWorker extends RunningService {
  name: string;
  address: string;
}

export async function loadWorkerConfig(options: ConfigOptions): Promise<WorkerConfig> {
  return (await loadConfig(options, { places, env: process.env })).config;
}

/** A speech worker with everything it stands on, in this process. Registered and serving when it resolves. */
export async function runWorker(run: WorkerRun): Promise<RunningWorker> {
  const { host } = run.config.worker;
  if (!isLoopback(host) && run.token === undefined) throw new AppError("token-required", { detail: host });
  return openAll((stack) => startWorker(run, stack));
}

async function startWorker(run: WorkerRun, stack: ClosingStack): Promise<RunningWorker> {
  const { config, log, token } = run;
  const { host, capacity, advertise } = config.worker;
  const port = config.worker.port === 0 ? await findFreePort(host) : config.worker.port;
  const address = advertisedAddress({ host, port, advertise, interfaces: os.networkInterfaces() });
  const tls = await readTls("worker", config.worker);
  const name = config.worker.name === "" ? defaultWorkerName() : config.worker.name;
  const engines = config.voices.engines.map((engine) =>
    stack.open(createEngine(engine, log), (opened) => opened.close()),
  );
  let registry = await connectRegistry(run.registry, log);
  stack.add(() => registry.close());
  const voice = {
    resamplers: await createSpeexResamplerFactory(),
    engines: await Promise.all(engines),
    normalizer: createSpeakableText(),
    clock: systemClock,
    nextTurn: createLoopTurns(),
  };
  const worker = createTtsWorker({
    ...voice,
    registry,
    ids: systemIds,
    random: Math.random,
    log,
    config: {
      name,
      address,
      isTls: tls !== undefined,
      host: os.hostname(),
      capacity,
      ...(process.env[NONCE_ENV] === undefined ? {} : { nonce: process.env[NONCE_ENV] }),
      defaultVoice: config.voices.default,
      leadMs: config.pacing.leadMs,
      ...config.registration,
    },
  });
  const serving = createGrpcVoiceServer({
    worker,
    host,
    port,
    protoPath: places.protoPath,
    token,
    ...(tls === undefined ? {} : { tls }),
    clock: systemClock,
    log,
  });
  const server = await stack.open(serving, (opened) => opened.close());
  await worker.start();
  stack.add(() => worker.stop());
  const warmUp = startWarmUp((signal) => warmUpWorker(voice, { voice: config.voices.default, signal }), log);
  stack.add(() => warmUp.stop());
  worker.onNameLost((error) => {
    log.error("the name was taken by another worker", { error });
    process.kill(process.pid, "SIGTERM");
  });
  const prepareMove = async (to: RegistryAddress): Promise<PreparedMove> => {
    const next = await connectRegistry(to, log);
    const move = await worker.prepareMove(next).catch(async (error: unknown) => {
      await next.close();
      throw error;
    });
    return {
      async commit() {
        const before = registry;
        registry = next;
        await move.commit();
        await before.close();
      },
      async abort() {
        await move.abort();
        await next.close();
      },
    };
  };
  return { port: server.port, name, address, prepareMove, stop: () => stack.close() };
}

function createEngine(engine: WorkerConfig["voices"]["engines"][number], log: Logger): Promise<TtsEngine> {
  if (engine === "tone") return Promise.resolve(createToneEngine({ clock: systemClock }));
  return createFliteEngine({ threadUrl: new URL("flite-thread.js", places.entryFolder), clock: systemClock, log });
}

/** The registry needs the address before the first call can come. */
function findFreePort(host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once("error", reject);
    probe.listen(0, host, () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => resolve(port));
    });
  });
}
