import os from "node:os";
import { createEarsProcess } from "#adapters/ears-process/ears-process";
import { createGrpcVoiceLink } from "#adapters/grpc/grpc-voice-link";
import type { OtlpTracer } from "#adapters/otlp-traces/otlp-tracer";
import type { PreparedMove } from "#adapters/registry-channel/move-registry";
import { createPromMetrics } from "#adapters/prom-metrics/prom-metrics";
import { resolveSileroModel } from "#adapters/silero-vad/resolve-silero-model";
import { createSileroDetectorFactory } from "#adapters/silero-vad/silero-detector";
import { createSpeexResamplerFactory } from "#adapters/speex-resampler/speex-resampler";
import { createLoopTurns } from "#adapters/system/loop-turns";
import { systemClock } from "#adapters/system/system-clock";
import { systemIds } from "#adapters/system/system-ids";
import { isLoopback } from "#adapters/web-server/host-policy";
import { chooseEchoCancellers } from "#adapters/webrtc-apm/choose-echo-cancellers";
import type { OrchestratorConfig } from "#contracts/config/orchestrator";
import type { RegistryAddress } from "#contracts/child/registry-move";
import { AppError } from "#contracts/errors";
import { WrongTokens } from "#core/limits/wrong-tokens";
import { RegistrySwitch } from "#core/registry/registry-switch";
import { openAll, type ClosingStack } from "#core/lifecycle/closing-stack";
import { createDeferred } from "#core/lifecycle/deferred";
import type { AsrEngine } from "#core/ports/asr-engine";
import type { Logger } from "#core/ports/logger";
import type { SettingsKeeper } from "#core/ports/settings";
import { recordingScopeOf } from "#core/settings/configured-settings";
import { createForeignRegistrar } from "#orchestrator/foreign-registrar";
import { warmUpMicrophone } from "#orchestrator/microphone-warm-up";
import { createOrchestrator } from "#orchestrator/orchestrator";
import { sessionConfigOf } from "#orchestrator/session-config";
import { createAdminServices } from "./admin-services";
import type { ConfigPlace } from "./examine-computer";
import { createBrainFromConfig } from "./brain-choice";
import { openRecordings, recordingsFolder } from "./open-recordings";
import { createOwnChildStarter } from "./own-children";
import { places } from "./places";
import { connectRegistry } from "./registry-choice";
import { servePage } from "./serve-page";
import type { RunningService } from "./service-process";
import { readWorkerCa } from "./tls-files";
import { startWarmUp } from "./warm-up";
import { createSettingsServices } from "./settings-choice";
import { createStatusRoutes } from "./status-routes";

/**
 * On two cores eight conversations are answered within 0.73 s (p95), twelve within 0.92, sixteen within 1.56 (`bench sessions`,
 * users and workers included).
 */
const SESSIONS_PER_CORE = 4;

/** Conversations at the same time, unless the configuration says otherwise. */
export function defaultMaxSessions(): number {
  return SESSIONS_PER_CORE * os.availableParallelism();
}

export interface OrchestratorRun {
  config: OrchestratorConfig;
  registry: RegistryAddress;
  token: string | undefined;
  /** Where the configuration came from, for those who look it over again. */
  configFrom?: ConfigPlace;
  /** Absent: the configuration alone counts, and nothing can be changed while it runs. */
  settings?: SettingsKeeper;
  log: Logger;
}

/** Answers that still run when the orchestrator stops may take this long to end. */
const STOP_TIMEOUT_MS = 1_500;

/** The orchestrator with everything it stands on, in this process. Ready to hold a conversation when it resolves. */
export async function runOrchestrator(run: OrchestratorRun): Promise<RunningService> {
  const { host } = run.config.server;
  if (!isLoopback(host) && run.token === undefined) throw new AppError("token-required", { detail: host });
  return openAll((stack) => startOrchestrator(run, stack));
}

async function startOrchestrator(run: OrchestratorRun, stack: ClosingStack): Promise<RunningService> {
  const { config, log, token } = run;
  const metrics = createPromMetrics();
  const connect = (address: RegistryAddress): ReturnType<typeof connectRegistry> =>
    connectRegistry(address, log, (count) => metrics.count("parley_damaged_records_total", count));
  const echoCancellers = await chooseEchoCancellers(config.echo.canceller);
  const ears = startEars(log);
  stack.add(() => ears.asr.close());
  const voiceLink = createGrpcVoiceLink({
    clock: systemClock,
    log,
    protoPath: places.protoPath,
    token,
    ca: await readWorkerCa(config.voice.workerCaFile),
  });
  stack.add(() => voiceLink.close());
  const flightRecorder = openRecordings(config, log);
  stack.add(() => flightRecorder.close());
  const settings = run.settings && (await createSettingsServices({ ...run, keeper: run.settings }));
  const [connected, detectors, resamplers, brain] = await Promise.all([
    connect(run.registry),
    stack.open(
      createSileroDetectorFactory({
        modelPath: resolveSileroModel(),
        threadUrl: new URL("silero-thread.js", places.entryFolder),
      }),
      (opened) => opened.dispose(),
    ),
    createSpeexResamplerFactory(),
    settings?.chooseBrain(settings.initial) ?? createBrainFromConfig({ clock: systemClock, log }, config.brain),
  ]);
  const registry = new RegistrySwitch(connected, systemClock);
  stack.add(() => registry.close());
  const tracer = await openTracer(config, log);
  if (tracer !== undefined) stack.add(() => tracer.close());
  const wrongTokens = new WrongTokens(systemClock);
  const nextTurn = createLoopTurns();
  const sessionConfig = { ...sessionConfigOf(config), ...settings?.initialDelays };
  const orchestrator = createOrchestrator({
    tracer,
    clock: systemClock,
    ids: systemIds,
    random: Math.random,
    log,
    metrics,
    registry,
    asr: ears.asr,
    detectors,
    resamplers,
    echoCancellers,
    nextTurn,
    brain,
    voiceLink,
    config: sessionConfig,
    leaseTtlMs: config.voice.leaseTtlMs,
    maxSessions: config.server.maxSessions ?? defaultMaxSessions(),
    token,
    wrongTokens,
    defaultVoice: config.voice.default,
    admin: { ...createAdminServices({ registry, log, configFrom: run.configFrom }), archive: flightRecorder.archive },
    settings,
    recording: {
      recorder: flightRecorder,
      folder: recordingsFolder(config),
      scope: settings?.initial.settings.recording ?? recordingScopeOf(config),
      config: { turn: config.turn, vad: config.vad, echo: config.echo },
    },
  });
  const foreign = createForeignRegistrar({
    registry,
    probe: voiceLink,
    clock: systemClock,
    log,
    metrics,
    config: {
      addresses: config.foreign.workers,
      capacity: config.foreign.capacity,
      defaultVoice: config.voice.default,
    },
  });
  stack.add(() => foreign.dispose());
  const serving = servePage(config.server, {
    routes: createStatusRoutes({
      host: config.server.host,
      token,
      wrongTokens,
      readiness: () => orchestrator.readiness(),
      expose: () => metrics.expose(orchestrator.workers()),
    }),
    onConnection: (connection) => orchestrator.accept(connection),
    onRefused: () => metrics.count("parley_refused_connections_total"),
    log,
  });
  const web = await stack.open(serving, (opened) => opened.close());
  stack.add(() => orchestrator.stop({ timeoutMs: STOP_TIMEOUT_MS }));
  void foreign.round();
  await Promise.all([orchestrator.start(), ears.ready]);
  const warmUpDeps = { clock: systemClock, detectors, resamplers, echoCancellers, nextTurn, config: sessionConfig };
  const warmUp = startWarmUp((signal) => warmUpMicrophone(warmUpDeps, signal), log);
  stack.add(() => warmUp.stop());
  const prepareMove = async (address: RegistryAddress): Promise<PreparedMove> => {
    const next = await connect(address);
    return {
      async commit() {
        await registry.use(next).close();
        await orchestrator.look();
      },
      abort: () => next.close(),
    };
  };
  return { port: web.port, prepareMove, stop: () => stack.close() };
}

/** Loaded by those who want it alone. */
async function openTracer({ telemetry }: OrchestratorConfig, log: Logger): Promise<OtlpTracer | undefined> {
  if (telemetry.otlpEndpoint === "") return undefined;
  const { createOtlpTracer } = await import("#adapters/otlp-traces/otlp-tracer");
  return createOtlpTracer({ endpoint: telemetry.otlpEndpoint, clock: systemClock, log, random: Math.random });
}

/** The ears load in about a second; a conversation before that would lose its first words. */
function startEars(log: Logger): { asr: AsrEngine; ready: Promise<void> } {
  const ready = createDeferred<void>();
  ready.promise.catch(() => undefined);
  const asr = createEarsProcess({
    starter: createOwnChildStarter(),
    clock: systemClock,
    log,
    onStateChange: (state) => {
      if (state === "ready") ready.resolve();
      if (state === "failed") ready.reject(new AppError("ears-unavailable"));
    },
  });
  return { asr, ready: ready.promise };
}
