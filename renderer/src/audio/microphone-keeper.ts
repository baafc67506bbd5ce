import type { MicHealth } from "#core/audio/mic-health";
import { msToSamples, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { MIC_FRAME_MS } from "#core/client/mic-stream";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { AudioEngineEvents, MicrophoneEvents } from "./audio-engine";
import { AudioProblem } from "./audio-problem";
import { switchedNotice } from "./device-notice";
import { SYSTEM_DEFAULT_ID, type RankedDevice } from "./device-ranking";
import type { DeviceStore, VoiceProcessing } from "./device-store";
import { openByRank } from "./open-by-rank";
import type { PlaybackGate } from "./playback-gate";

export interface OpenMicrophone {
  /** As the browser names what it opened. */
  label: string;
  deviceId: string;
  close(): void;
}

export interface MicrophoneRequest {
  /** undefined: whatever the browser takes. */
  deviceId: string | undefined;
  processing: VoiceProcessing;
  onPcm(pcm: Int16Array, isZero: boolean): void;
  /** Unplugged or taken away. */
  onEnded(): void;
}

export interface MicrophoneKeeperDeps {
  store: DeviceStore;
  clock: Clock;
  /** Rejects with AudioProblem. */
  open(request: MicrophoneRequest): Promise<OpenMicrophone>;
  gate: PlaybackGate;
  health: MicHealth;
  onNotice: AudioEngineEvents["onNotice"];
}

/** 3.1 s in all; a device that comes back later has to be started by hand. */
const RETRY_WAITS_MS = [0, 100, 200, 400, 800, 1600];
/** The agent waits for a new microphone so long, in order to stay interruptible, and then speaks on. */
const MAX_HOLD_MS = 700;
/** The orchestrator goes on by the microphone's clock, which must not stand still meanwhile. */
const SILENT_FRAME_SAMPLES = msToSamples(MIC_FRAME_MS, VOICE_SAMPLE_RATE_HZ);
/** No other microphone would help. */
const FINAL_CODES: ReadonlySet<string> = new Set(["mic-denied", "mic-insecure"]);

type Candidate = RankedDevice | undefined;

/** One conversation's microphone: the best there is, and the next one when that goes. */
export class MicrophoneKeeper implements Disposable {
  readonly #deps: MicrophoneKeeperDeps;
  readonly #events: MicrophoneEvents;
  readonly #choices: Disposable;
  #current: OpenMicrophone | undefined;
  #isDisposed = false;
  /** Counts what was opened, so that a late end of an earlier one is nothing. */
  #generation = 0;

  private constructor(deps: MicrophoneKeeperDeps, events: MicrophoneEvents) {
    this.#deps = deps;
    this.#events = events;
    this.#choices = deps.store.onChoice((kind) => {
      if (kind === "microphone") void this.#replace();
    });
  }

  /** Rejects with the AudioProblem of the best microphone when none can be opened. */
  static async open(deps: MicrophoneKeeperDeps, events: MicrophoneEvents): Promise<Disposable> {
    const keeper = new MicrophoneKeeper(deps, events);
    try {
      await keeper.#openFirst();
      return keeper;
    } catch (error) {
      keeper.dispose();
      throw error;
    }
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#generation++;
    this.#choices.dispose();
    this.#current?.close();
    this.#current = undefined;
    this.#deps.store.setActive("microphone", undefined);
    this.#deps.health.reset();
  }

  async #openFirst(): Promise<void> {
    const { store } = this.#deps;
    await store.refresh();
    const candidates: readonly Candidate[] = store.candidates("microphone");
    let firstFailure: { error: unknown; name: string } | undefined;
    for (const candidate of candidates.length > 0 ? candidates : [undefined]) {
      try {
        this.#use(await this.#open(candidate));
      } catch (error) {
        firstFailure ??= { error, name: candidate?.name ?? "The microphone" };
        if (error instanceof AudioProblem && FINAL_CODES.has(error.code)) break;
        continue;
      }
      await store.refresh();
      if (firstFailure !== undefined && candidate !== undefined) this.#tellSwitch(firstFailure.name, "busy");
      // Only now the browser told which microphones there are.
      if (candidate === undefined && this.#isWorseThanBest()) await this.#replace();
      return;
    }
    throw firstFailure?.error;
  }

  #isWorseThanBest(): boolean {
    const best = this.#deps.store.candidates("microphone")[0];
    return best !== undefined && best.id !== SYSTEM_DEFAULT_ID && best.id !== this.#current?.deviceId;
  }

  async #open(candidate: Candidate): Promise<OpenMicrophone> {
    const generation = ++this.#generation;
    const opened = await this.#deps.open({
      deviceId: candidate?.id,
      processing: this.#deps.store.getView().processing,
      onPcm: (pcm, isZero) => {
        if (generation !== this.#generation) return;
        this.#deps.health.hear(pcm, isZero);
        this.#events.onPcm(pcm);
      },
      onEnded: () => {
        if (generation === this.#generation) void this.#lost();
      },
    });
    if (generation !== this.#generation) opened.close();
    return opened;
  }

  #use(opened: OpenMicrophone): void {
    this.#current = opened;
    this.#deps.store.setActive("microphone", opened.deviceId);
    this.#deps.health.reset();
  }

  /** By choice: the old one stays until the new one is open, and if that fails. */
  async #replace(): Promise<void> {
    const old = this.#current;
    const best = this.#deps.store.candidates("microphone")[0];
    if (old === undefined || best === undefined) return;
    const generation = this.#generation;
    try {
      const opened = await this.#open(best);
      if (this.#isDisposed || this.#current !== old) return;
      this.#use(opened);
      old.close();
    } catch {
      if (!this.#isDisposed) this.#generation = generation;
    }
  }

  async #lost(): Promise<void> {
    const { store, clock, gate } = this.#deps;
    const lost = this.#current;
    const lostName = this.#nameOf(lost);
    const hold = gate.hold(0);
    const stopgap = clock.setRepeating(MIC_FRAME_MS, () => this.#events.onPcm(new Int16Array(SILENT_FRAME_SAMPLES)));
    const patience = clock.setTimer(MAX_HOLD_MS, () => hold.dispose());
    this.#generation++;
    lost?.close();
    this.#current = undefined;
    const found = await openByRank<Candidate, OpenMicrophone>({
      clock,
      waitsMs: RETRY_WAITS_MS,
      isOver: () => this.#isDisposed,
      candidates: async (round) => {
        await store.refresh();
        const all = store.candidates("microphone");
        // The list may lag behind the loss.
        return round > 0 ? all : all.filter(({ id }) => id === SYSTEM_DEFAULT_ID || id !== lost?.deviceId);
      },
      open: (candidate) => this.#open(candidate),
    });
    for (const each of [stopgap, patience, hold]) each.dispose();
    if (this.#isDisposed) return;
    if (found === undefined) {
      this.dispose();
      this.#events.onLost();
      return;
    }
    this.#use(found.opened);
    this.#tellSwitch(lostName, "gone");
  }

  #tellSwitch(from: string, reason: "gone" | "busy"): void {
    this.#deps.onNotice?.(switchedNotice("microphone", { from, to: this.#nameOf(this.#current), reason }));
  }

  #nameOf(microphone: OpenMicrophone | undefined): string {
    const known = this.#deps.store.getView().microphones.find(({ id }) => id === microphone?.deviceId);
    return known?.name || microphone?.label || "The microphone";
  }
}
