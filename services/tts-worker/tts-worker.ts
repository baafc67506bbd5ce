import { AppError } from "#contracts/errors";
import { VOICE_PROTOCOL_VERSION } from "#contracts/protocol/voice-metadata";
import type { WorkerInfo, WorkerState } from "#contracts/registry/worker-record";
import { createDeferred } from "#core/lifecycle/deferred";
import type { Clock } from "#core/ports/clock";
import type { Ids, Random } from "#core/ports/ids";
import type { Logger } from "#core/ports/logger";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { TextNormalizer, TtsEngine, TtsModel } from "#core/ports/tts-engine";
import type { VoiceFrame } from "#core/ports/voice-link";
import type { SynthesisRequest, VoiceWorker } from "#core/ports/voice-worker";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import { ClauseRenderer } from "./clause-renderer";
import { Fencing } from "./fencing";
import { RegistrationKeeper } from "./registration-keeper";
import { streamVoice } from "./voice-stream";
import { WorkerMeter } from "./worker-meter";

export interface TtsWorkerConfig {
  name: string;
  /** host:port under which orchestrators reach it. */
  address: string;
  /** Its calls are carried by TLS. Default false. */
  isTls?: boolean;
  /** Name of this computer, for people. */
  host: string;
  /** Proves to the registry that this start may take the place of an earlier one of the same name. Default: a new secret. */
  nonce?: string;
  /** Streams at a time; more are refused. */
  capacity: number;
  /** A model of one of the engines. */
  defaultVoice: string;
  /** How far ahead of real time frames may leave. Default 400. */
  leadMs?: number;
  /** Default 2000, ±10 %. */
  heartbeatMs?: number;
  /** How long a registration outlives its last heartbeat. Default 6000. */
  ttlMs?: number;
  /** How long `stop` lets streams run on. Default 10 000. */
  drainTimeoutMs?: number;
}

export interface TtsWorkerDeps {
  engines: readonly TtsEngine[];
  normalizer: TextNormalizer;
  resamplers: ResamplerFactory;
  registry: WorkerRegistry;
  clock: Clock;
  ids: Ids;
  random: Random;
  log: Logger;
  /** As `VoiceStreamDeps.nextTurn`. */
  nextTurn?: (() => Promise<void>) | undefined;
  config: TtsWorkerConfig;
}

export interface TtsWorker extends VoiceWorker {
  readonly state: WorkerState;
  /** Registers and keeps registered. Throws `worker-name-taken`. Call it once calls can be served. */
  start(): Promise<void>;
  /**
   * Leaves the registry and refuses new streams. Running ones end with their clause when another worker can go on [RG50];
   * the others may finish for the drain timeout, then they are aborted. Engines stay open.
   */
  stop(): Promise<void>;
  /** Gets ready to move to another registry, see `RegistrationKeeper`. Running streams go on. */
  prepareMove(next: WorkerRegistry): ReturnType<RegistrationKeeper["prepareMove"]>;
  /** Called when somebody else has taken the name: running streams go on, new ones are refused, and the process should end. */
  onNameLost(listener: (error: AppError) => void): void;
}

/** The speech worker, apart from what carries its calls. Throws `bad-config` when the default voice is none of the engines'. */
export function createTtsWorker(deps: TtsWorkerDeps): TtsWorker {
  return new EngineWorker(deps);
}

class EngineWorker implements TtsWorker {
  readonly models: readonly TtsModel[];
  readonly defaultVoice: string;
  readonly capacity: number;
  readonly #meter = new WorkerMeter();
  readonly #fencing = new Fencing();
  readonly #renderer: ClauseRenderer;
  readonly #keeper: RegistrationKeeper;
  readonly #nameLostListeners: ((error: AppError) => void)[] = [];
  readonly #forcedStop = new AbortController();
  /** Voices that another worker can go on with; empty unless this one is to take leave. */
  #heirVoices: ReadonlySet<string> = new Set();
  #state: WorkerState = "starting";
  #isClosing = false;
  #onIdle: (() => void) | undefined;

  constructor(readonly deps: TtsWorkerDeps) {
    const { config, clock, registry, random, log } = deps;
    this.models = deps.engines.flatMap((engine) => engine.models);
    this.capacity = config.capacity;
    this.defaultVoice = config.defaultVoice;
    if (!this.models.some((model) => model.modelId === config.defaultVoice)) {
      throw new AppError("bad-config", {
        detail: `default voice ${config.defaultVoice} is none of ${this.models.map((model) => model.modelId).join(", ")}`,
      });
    }
    this.#renderer = new ClauseRenderer({ ...deps, meter: this.#meter });
    this.#keeper = new RegistrationKeeper({
      registry,
      clock,
      random,
      log,
      info: this.#describe(),
      nonce: config.nonce ?? deps.ids.secret(),
      capacity: config.capacity,
      heartbeatMs: config.heartbeatMs ?? 2_000,
      ttlMs: config.ttlMs ?? 6_000,
      stats: () => this.stats(),
      desiredState: () => (this.#state === "draining" ? "draining" : "ready"),
      onDesiredState: (state) => this.#setState(state),
      onNameLost: (error) => {
        this.#isClosing = true;
        log.error("another worker has this name now", { error: error.message });
        for (const listener of this.#nameLostListeners) listener(error);
      },
    });
  }

  get state(): WorkerState {
    return this.#isClosing ? "draining" : this.#state;
  }

  stats(): ReturnType<VoiceWorker["stats"]> {
    return this.#meter.stats();
  }

  onNameLost(listener: (error: AppError) => void): void {
    this.#nameLostListeners.push(listener);
  }

  async start(): Promise<void> {
    await this.#keeper.start();
    this.#setState("ready");
  }

  async prepareMove(next: WorkerRegistry): ReturnType<RegistrationKeeper["prepareMove"]> {
    const move = await this.#keeper.prepareMove(next);
    return {
      abort: () => move.abort(),
      commit: () => {
        // The other registry counts its tokens by a clock of its own.
        this.#fencing.reset();
        return move.commit();
      },
    };
  }

  async stop(): Promise<void> {
    this.#isClosing = true;
    await this.#keeper.stop();
    void this.#findHeirs();
    if (this.#meter.inUse === 0) return;
    const idle = createDeferred<void>();
    this.#onIdle = () => idle.resolve();
    const timer = this.deps.clock.setTimer(this.deps.config.drainTimeoutMs ?? 10_000, () => this.#forcedStop.abort());
    await idle.promise;
    timer.dispose();
  }

  async *openSynthesis(request: SynthesisRequest): AsyncGenerator<VoiceFrame, void, undefined> {
    const voice = request.voice === "" ? this.defaultVoice : request.voice;
    this.#admit(request, voice);
    // The slot is free as soon as the client gives up, so that its next stream finds it.
    let isHeld = true;
    const release = (): void => {
      if (!isHeld) return;
      isHeld = false;
      this.#meter.streamEnds();
      if (this.#meter.inUse === 0) this.#onIdle?.();
    };
    this.#meter.streamStarts();
    request.signal.addEventListener("abort", release, { once: true });
    const signal = AbortSignal.any([request.signal, this.#forcedStop.signal]);
    try {
      yield* streamVoice(
        {
          renderer: this.#renderer,
          resamplers: this.deps.resamplers,
          clock: this.deps.clock,
          leadMs: this.deps.config.leadMs ?? 400,
          nextTurn: this.deps.nextTurn,
          onFirstAudio: (ttfaMs) => this.#meter.firstAudio(ttfaMs),
          // Who has no lease knows of no other worker.
          handsOver: () => request.fencingToken !== undefined && this.#heirVoices.has(voice),
        },
        { voice, clauses: request.clauses, signal },
      );
    } catch (error) {
      if (this.#forcedStop.signal.aborted && !request.signal.aborted)
        throw new AppError("shutting-down", { cause: error });
      throw error;
    } finally {
      request.signal.removeEventListener("abort", release);
      release();
    }
  }

  #admit(request: SynthesisRequest, voice: string): void {
    if (request.signal.aborted) throw new AppError("cancelled");
    if (this.#isClosing) throw new AppError("shutting-down");
    this.#renderer.checkVoice(voice);
    if (request.fencingToken !== undefined) this.#fencing.check(request.sessionId, request.fencingToken);
    // A lease granted before the drain began is honoured; clients without leases are sent elsewhere.
    else if (this.#state === "draining") throw new AppError("worker-refused", { detail: "it is being drained" });
    if (this.#meter.inUse >= this.capacity) throw new AppError("worker-at-capacity");
  }

  #setState(state: WorkerState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.deps.log.info("worker state", { state });
    this.#heirVoices = new Set();
    if (state === "draining") void this.#findHeirs();
  }

  /** [RG50] Without an answer of the registry nobody is known to go on, and the streams finish here. */
  async #findHeirs(): Promise<void> {
    const { config, log } = this.deps;
    try {
      const heirs = (await this.#keeper.list()).filter(
        ({ name, isLive, state, inUse, capacity }) =>
          name !== config.name && isLive && state === "ready" && inUse < capacity,
      );
      if (this.state === "draining") this.#heirVoices = new Set(heirs.flatMap(({ info }) => info.voices));
    } catch (error) {
      log.warn("whether another worker can go on is not known; running streams finish here", { error });
    }
  }

  #describe(): WorkerInfo {
    const { config, clock } = this.deps;
    const voices = this.models.map((model) => model.modelId);
    return {
      name: config.name,
      address: config.address,
      ...(config.isTls === true ? { isTls: true } : {}),
      host: config.host,
      device: "cpu",
      protocolVersion: VOICE_PROTOCOL_VERSION,
      languages: [...new Set(this.models.flatMap((model) => model.languages))],
      voices,
      residentVoices: voices,
      startedAt: clock.wallTime().toISOString(),
    };
  }
}
