import type { DesktopLaunch } from "#contracts/ipc/desktop-bridge";
import type { AdminPort } from "../ui/admin-port";

/** What the page is for. `asking`: not known yet. */
export type PageRole = "asking" | "first-run" | "conversation" | "worker";

export interface PageRoleDeps {
  admin: AdminPort;
  /** The desktop window knows before its services run; a browser asks the orchestrator. */
  launch?: () => Promise<DesktopLaunch>;
}

/** Follows the mode, which may change while the page is open. */
export class PageRoleStore {
  readonly #deps: PageRoleDeps;
  readonly #listeners = new Set<() => void>();
  #role: PageRole = "asking";

  constructor(deps: PageRoleDeps) {
    this.#deps = deps;
  }

  readonly getRole = (): PageRole => this.#role;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** For as long as the page lives. */
  start(): void {
    const { admin, launch } = this.#deps;
    launch?.().then(
      (known) => this.#take(known),
      () => this.#giveUp(),
    );
    admin.subscribe(({ type }) => {
      if (type === "open") this.#ask();
      // Without an answer there is still the conversation, which says itself what is wrong.
      if (type === "reconnecting" || type === "ended") this.#giveUp();
    });
  }

  readonly showFirstRun = (): void => this.#set("first-run");

  /** From now on it counts as seen, also when nothing was chosen. */
  readonly finishFirstRun = (): void => {
    this.#set("conversation");
    // When it cannot be kept, the next start just shows it once more.
    this.#deps.admin.call("settings-set", {}).catch(() => undefined);
  };

  #ask(): void {
    this.#deps.admin.call("settings-get", {}).then(
      (known) => this.#take(known),
      () => this.#giveUp(),
    );
  }

  #take({ isWorkerOnly, isFirstRun }: DesktopLaunch): void {
    if (isWorkerOnly) this.#set("worker");
    else if (this.#role === "asking" && isFirstRun) this.#set("first-run");
    // What the person is in the middle of is not taken away by a link that came back.
    else if (this.#role !== "first-run") this.#set("conversation");
  }

  #giveUp(): void {
    if (this.#role === "asking") this.#set("conversation");
  }

  #set(role: PageRole): void {
    if (role === this.#role) return;
    this.#role = role;
    for (const listener of this.#listeners) listener();
  }
}
