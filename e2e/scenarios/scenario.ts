import { test as base, expect } from "@playwright/test";
import { prepareElectronRuntime } from "../../services/build/electron-runtime.mjs";
import { openChromiumWorld } from "../worlds/chromium-world";
import { openElectronWorld } from "../worlds/electron-world";
import { createHome, type Host, type World, type WorldOptions } from "../worlds/world";

export interface ScenarioOptions {
  host: Host;
}

interface WorkerFixtures extends ScenarioOptions {
  /** Why there can be no world of this host here; undefined: there can. */
  missingHost: string | undefined;
  /** One start of Parley for all scenarios that leave it as it was. */
  sharedWorld: { get(): Promise<World> };
}

interface OpenOptions extends Omit<WorldOptions, "home"> {
  /** Nobody has started Parley on this computer before. */
  isFirstRun?: boolean;
}

interface Fixtures {
  /** The shared world on a fresh page, where the microphone hears a sentence after 1.2 s. */
  world: World;
  /** A world of the scenario's own, on a computer of its own. */
  openWorld: (options?: OpenOptions) => Promise<World>;
}

const MICROPHONE = { leadMs: 1200, tailMs: 20_000 };
const START_TIMEOUT_MS = 240_000;

export const test = base.extend<Fixtures, WorkerFixtures>({
  host: ["chromium", { scope: "worker", option: true }],

  missingHost: [
    async ({ host }, use) => {
      const reason = await (host === "chromium" ? Promise.resolve() : prepareElectronRuntime()).then(
        () => undefined,
        (error: unknown) => String(error),
      );
      await use(reason);
    },
    { scope: "worker", timeout: START_TIMEOUT_MS },
  ],

  sharedWorld: [
    async ({ host }, use) => {
      const home = createHome();
      let opened: Promise<World> | undefined;
      await use({ get: () => (opened ??= open(host, { home })) });
      await (await opened)?.close();
      home.remove();
    },
    { scope: "worker", timeout: START_TIMEOUT_MS },
  ],

  world: async ({ missingHost, sharedWorld }, use, testInfo) => {
    testInfo.skip(missingHost !== undefined, missingHost);
    const world = await sharedWorld.get();
    world.home.hear(MICROPHONE);
    await world.page.evaluate(() => history.replaceState(null, "", location.pathname));
    await world.page.reload();
    await use(world);
    expect(world.complaints.splice(0), "errors of the page and breaches of its policy").toEqual([]);
  },

  openWorld: async ({ host, missingHost }, use, testInfo) => {
    testInfo.skip(missingHost !== undefined, missingHost);
    const worlds: World[] = [];
    await use(async ({ isFirstRun, ...options } = {}) => {
      const home = createHome({ isFirstRun });
      home.hear(MICROPHONE);
      const world = await open(host, { ...options, home });
      worlds.push(world);
      return world;
    });
    for (const world of worlds) {
      await world.close();
      world.home.remove();
    }
    expect(worlds.flatMap(({ complaints }) => complaints)).toEqual([]);
  },
});

export { expect };

function open(host: Host, options: WorldOptions): Promise<World> {
  return host === "chromium" ? openChromiumWorld(options) : openElectronWorld(options);
}
