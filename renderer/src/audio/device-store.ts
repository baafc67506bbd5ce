import { z } from "zod";
import { parseJsonWith } from "#contracts/parse";
import type { Disposable } from "#core/lifecycle/disposable";
import { moveDevice, preferDevice, rankDevices, type RankedDevice, type RememberedDevice } from "./device-ranking";
import type { DeviceKind, ListedDevice, MediaDevicesPort } from "./media-devices-port";

/** What the browser does to the microphone's sound before Parley gets it. */
export interface VoiceProcessing {
  echoCancellation: boolean;
  noiseSuppression: boolean;
  autoGainControl: boolean;
}

export interface DevicesView {
  /** False until the microphone was allowed: devices have no names before. */
  hasNames: boolean;
  canChooseSpeaker: boolean;
  /** In the person's order; absent ones are kept. */
  microphones: readonly RankedDevice[];
  speakers: readonly RankedDevice[];
  processing: VoiceProcessing;
  /** Ids of what a conversation uses now; it may differ from the best, when that came back while it ran. */
  active: Readonly<Partial<Record<DeviceKind, string>>>;
}

export interface DeviceStoreDeps {
  port: MediaDevicesPort;
  storage: Pick<Storage, "getItem" | "setItem">;
}

const STORAGE_KEY = "parley-devices";

const Remembered = z.object({ id: z.string(), label: z.string() });
const Stored = z.object({
  microphones: z.array(Remembered),
  speakers: z.array(Remembered),
  processing: z.object({ echoCancellation: z.boolean(), noiseSuppression: z.boolean(), autoGainControl: z.boolean() }),
});

const FIRST_VISIT: z.infer<typeof Stored> = {
  microphones: [],
  speakers: [],
  processing: { echoCancellation: true, noiseSuppression: true, autoGainControl: true },
};

/** Which microphones and speakers there are, and which the person wants most. Outlives conversations. */
export class DeviceStore {
  readonly #deps: DeviceStoreDeps;
  readonly #listeners = new Set<() => void>();
  readonly #choiceListeners = new Set<(kind: DeviceKind) => void>();
  #view: DevicesView;
  #latestRefresh: Promise<void> = Promise.resolve();
  #refreshCount = 0;

  constructor(deps: DeviceStoreDeps) {
    this.#deps = deps;
    const { microphones, speakers, processing } = load(deps.storage);
    this.#view = {
      hasNames: false,
      canChooseSpeaker: deps.port.canChooseSpeaker,
      microphones: rankDevices(microphones, []),
      speakers: rankDevices(speakers, []),
      processing,
      active: {},
    };
  }

  readonly getView = (): DevicesView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Calls back when the person chose another device or another treatment of the voice: use it at once. */
  onChoice(listener: (kind: DeviceKind) => void): Disposable {
    this.#choiceListeners.add(listener);
    return { dispose: () => void this.#choiceListeners.delete(listener) };
  }

  /** Follows what is plugged in and out. */
  start(): Disposable {
    void this.refresh();
    return this.#deps.port.onChange(() => void this.refresh());
  }

  /** Looks again; also needed after the microphone was allowed, of which the browser tells nobody. Never rejects. */
  refresh(): Promise<void> {
    this.#latestRefresh = this.#load(++this.#refreshCount);
    return this.#latestRefresh;
  }

  /** What can be opened now, the most wanted first. */
  candidates(kind: DeviceKind): readonly RankedDevice[] {
    return this.#of(kind).filter(({ isPresent }) => isPresent);
  }

  /** The person's choice: used at once, and from now on the most wanted. */
  prefer(kind: DeviceKind, id: string): void {
    const isBest = this.candidates(kind)[0]?.id === id;
    this.#reorder(kind, preferDevice(this.#of(kind), id));
    if (isBest) this.#tellChoice(kind);
  }

  /** Told by the conversation; undefined when it ends. */
  setActive(kind: DeviceKind, id: string | undefined): void {
    if (this.#view.active[kind] !== id) this.#setView({ ...this.#view, active: { ...this.#view.active, [kind]: id } });
  }

  /** One place up (−1) or down in the person's order. */
  move(kind: DeviceKind, options: { id: string; step: -1 | 1 }): void {
    this.#reorder(kind, moveDevice(this.#of(kind), options.id, options.step));
  }

  forget(kind: DeviceKind, id: string): void {
    this.#reorder(
      kind,
      this.#of(kind).filter((device) => device.isPresent || device.id !== id),
    );
  }

  setProcessing(change: Partial<VoiceProcessing>): void {
    this.#setView({ ...this.#view, processing: { ...this.#view.processing, ...change } });
    this.#save();
    this.#tellChoice("microphone");
  }

  async #load(turn: number): Promise<void> {
    const listed = await this.#list();
    // Overtaken: whoever waits gets what the latest one finds.
    if (turn !== this.#refreshCount) return this.#latestRefresh;
    const { microphones, speakers } = this.#view;
    const hasNames = listed.some(({ label }) => label !== "");
    this.#setView({
      ...this.#view,
      hasNames,
      microphones: rankDevices(microphones, listed.filter(isOf("microphone"))),
      speakers: rankDevices(speakers, listed.filter(isOf("speaker"))),
    });
    if (hasNames) this.#save();
  }

  async #list(): Promise<readonly ListedDevice[]> {
    try {
      return await this.#deps.port.list();
    } catch {
      return [];
    }
  }

  #of(kind: DeviceKind): readonly RankedDevice[] {
    return kind === "microphone" ? this.#view.microphones : this.#view.speakers;
  }

  #reorder(kind: DeviceKind, devices: readonly RankedDevice[]): void {
    const bestBefore = this.candidates(kind)[0]?.id;
    this.#setView({ ...this.#view, [kind === "microphone" ? "microphones" : "speakers"]: devices });
    this.#save();
    if (this.candidates(kind)[0]?.id !== bestBefore) this.#tellChoice(kind);
  }

  #tellChoice(kind: DeviceKind): void {
    for (const listener of [...this.#choiceListeners]) listener(kind);
  }

  #setView(view: DevicesView): void {
    this.#view = view;
    for (const listener of [...this.#listeners]) listener();
  }

  #save(): void {
    const { microphones, speakers, processing } = this.#view;
    const stored: z.infer<typeof Stored> = {
      microphones: microphones.map(essence),
      speakers: speakers.map(essence),
      processing,
    };
    try {
      this.#deps.storage.setItem(STORAGE_KEY, JSON.stringify(stored));
    } catch {
      // A full or forbidden storage costs the memory of the next visit, not this conversation.
    }
  }
}

function isOf(kind: DeviceKind): (device: ListedDevice) => boolean {
  return (device) => device.kind === kind;
}

function essence({ id, label }: RankedDevice): RememberedDevice {
  return { id, label };
}

function load(storage: DeviceStoreDeps["storage"]): z.infer<typeof Stored> {
  try {
    const parsed = parseJsonWith(Stored, storage.getItem(STORAGE_KEY) ?? "");
    return parsed.ok ? parsed.value : FIRST_VISIT;
  } catch {
    return FIRST_VISIT;
  }
}
