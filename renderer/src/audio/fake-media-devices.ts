import type { Disposable } from "#core/lifecycle/disposable";
import type { ListedDevice, MediaDevicesPort } from "./media-devices-port";

/** For tests: a laptop with a headset, whose plug the test pulls. */
export class FakeMediaDevices implements MediaDevicesPort {
  readonly canChooseSpeaker = true;
  isAllowed = true;
  failure: Error | undefined;
  readonly #gone = new Set<string>();
  readonly #listeners = new Set<() => void>();
  #devices: readonly ListedDevice[] = [
    { kind: "microphone", id: "default", label: "Default - Headset", groupId: "headset" },
    { kind: "microphone", id: "headset-in", label: "Headset", groupId: "headset" },
    { kind: "microphone", id: "laptop-in", label: "Laptop microphone", groupId: "laptop" },
    { kind: "speaker", id: "default", label: "Default - Headset", groupId: "headset" },
    { kind: "speaker", id: "headset-out", label: "Headset", groupId: "headset" },
    { kind: "speaker", id: "laptop-out", label: "Laptop speakers", groupId: "laptop" },
  ];

  async list(): Promise<readonly ListedDevice[]> {
    if (this.failure !== undefined) throw this.failure;
    const there = this.#devices.filter(({ id }) => !this.#gone.has(id));
    return this.isAllowed ? there : there.map(({ kind }) => ({ kind, id: "", label: "", groupId: "" }));
  }

  onChange(listener: () => void): Disposable {
    this.#listeners.add(listener);
    return { dispose: () => void this.#listeners.delete(listener) };
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }

  /** Resolves when everybody has looked again. The system's default moves to what is left. */
  async unplug(...ids: string[]): Promise<void> {
    for (const id of ids) this.#gone.add(id);
    this.#pointDefaults();
    await this.#tell();
  }

  async plugBack(...ids: string[]): Promise<void> {
    for (const id of ids) this.#gone.delete(id);
    await this.#tell();
  }

  rename(id: string, newId: string): void {
    this.#devices = this.#devices.map((device) => (device.id === id ? { ...device, id: newId } : device));
  }

  #pointDefaults(): void {
    this.#devices = this.#devices.map((device) => {
      if (device.id !== "default") return device;
      const next = this.#devices.find(
        ({ id, kind }) => kind === device.kind && id !== "default" && !this.#gone.has(id),
      );
      return next === undefined ? device : { ...device, groupId: next.groupId, label: `Default - ${next.label}` };
    });
  }

  async #tell(): Promise<void> {
    for (const listener of [...this.#listeners]) listener();
    await new Promise((resolve) => setTimeout(resolve, 0));
  }
}
