import { DisposableStore, type Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import type { AudioEngineEvents } from "./audio-engine";
import { speakerLostNotice, switchedNotice } from "./device-notice";
import { SYSTEM_DEFAULT_ID, type RankedDevice } from "./device-ranking";
import type { DeviceStore } from "./device-store";
import { openByRank } from "./open-by-rank";
import type { PlaybackGate } from "./playback-gate";

export interface SpeakerKeeperDeps {
  store: DeviceStore;
  clock: Clock;
  /** Sends the sound there; undefined: to the system's default. */
  setSpeaker(id: string | undefined): Promise<void>;
  /** How much is on its way between player and ear. */
  latencySamples(): number;
  sampleRateHz: number;
  gate: PlaybackGate;
  onNotice: AudioEngineEvents["onNotice"];
  onNoticeOver: AudioEngineEvents["onNoticeOver"];
}

/** 3.1 s in all; after that the next plug is waited for. Meanwhile the player holds what it has. */
const RETRY_WAITS_MS = [0, 100, 200, 400, 800, 1600];
/** Between the pull of a plug and the browser's word of it. Better half a word twice than a word not at all. */
const NOTICE_DELAY_MS = 250;

/** Sends the agent's voice to the best speaker, and to the next one when that goes. */
export class SpeakerKeeper implements Disposable {
  readonly #deps: SpeakerKeeperDeps;
  readonly #owned = new DisposableStore();
  #current: RankedDevice | undefined;
  /** Without any speaker: what to do when there is one again. */
  #waiting: { lost: RankedDevice; hold: Disposable } | undefined;
  #isMoving = false;
  #isDisposed = false;

  private constructor(deps: SpeakerKeeperDeps) {
    this.#deps = deps;
  }

  static async start(deps: SpeakerKeeperDeps): Promise<Disposable> {
    const keeper = new SpeakerKeeper(deps);
    await deps.store.refresh();
    await keeper.#takeBest();
    keeper.#owned.add({ dispose: deps.store.subscribe(() => keeper.#look()) });
    keeper.#owned.add(
      deps.store.onChoice((kind) => {
        if (kind === "speaker") void keeper.#takeBest();
      }),
    );
    return keeper;
  }

  dispose(): void {
    this.#isDisposed = true;
    this.#waiting?.hold.dispose();
    this.#owned.dispose();
    this.#deps.store.setActive("speaker", undefined);
  }

  async #takeBest(): Promise<void> {
    if (this.#isMoving) return;
    this.#isMoving = true;
    const hold = this.#deps.gate.hold(this.#deps.latencySamples());
    const found = await this.#search([0]);
    if (found !== undefined) this.#use(found);
    hold.dispose();
    this.#isMoving = false;
  }

  #use(speaker: RankedDevice): void {
    this.#current = speaker;
    this.#deps.store.setActive("speaker", speaker.id);
    const waiting = this.#waiting;
    if (waiting === undefined) return;
    this.#waiting = undefined;
    waiting.hold.dispose();
    this.#deps.onNoticeOver?.("speaker-lost");
    this.#tellSwitch(waiting.lost, speaker);
  }

  /** The list has changed: is the speaker still there? */
  #look(): void {
    if (this.#isMoving || this.#isDisposed) return;
    const candidates = this.#deps.store.candidates("speaker");
    const current = this.#current;
    if (current === undefined) {
      // Names and ids come with the microphone's permission.
      if (candidates.length > 0) void this.#takeBest();
      return;
    }
    const same = candidates.find(({ id }) => id === current.id);
    const isThere =
      same !== undefined && (current.resolvedId === "" || candidates.some(({ id }) => id === current.resolvedId));
    if (isThere) this.#current = same;
    else void this.#lost(current);
  }

  async #lost(lost: RankedDevice): Promise<void> {
    this.#isMoving = true;
    const { gate, sampleRateHz, latencySamples, onNotice, store } = this.#deps;
    const hold = gate.hold(latencySamples() + (NOTICE_DELAY_MS * sampleRateHz) / 1000);
    this.#current = undefined;
    this.#waiting = { lost, hold };
    if (store.candidates("speaker").length === 0) onNotice?.(speakerLostNotice(lost.name));
    const found = await this.#search(RETRY_WAITS_MS);
    this.#isMoving = false;
    if (this.#isDisposed) return;
    if (found === undefined) onNotice?.(speakerLostNotice(lost.name));
    else this.#use(found);
    this.#look();
  }

  #tellSwitch(lost: RankedDevice, next: RankedDevice): void {
    this.#deps.onNotice?.(switchedNotice("speaker", { from: lost.name, to: next.name, reason: "gone" }));
  }

  async #search(waitsMs: readonly number[]): Promise<RankedDevice | undefined> {
    const { store, clock, setSpeaker } = this.#deps;
    const found = await openByRank({
      clock,
      waitsMs,
      isOver: () => this.#isDisposed,
      candidates: async (round) => {
        if (round > 0) await store.refresh();
        return store.candidates("speaker");
      },
      open: (candidate: RankedDevice) => setSpeaker(candidate.id === SYSTEM_DEFAULT_ID ? undefined : candidate.id),
    });
    return found?.candidate;
  }
}
