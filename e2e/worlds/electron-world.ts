import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "@playwright/test";
import { buildWhatIsStale } from "../../services/build/build.mjs";
import { prepareElectronRuntime } from "../../services/build/electron-runtime.mjs";
import { openDesktop } from "../electron/desktop";
import { openRestartableWorld } from "./restartable-world";
import { findPart, type World, type WorldOptions } from "./world";

/** The desktop window in a real Electron. */
export async function openElectronWorld(options: WorldOptions): Promise<World> {
  const program = await prepareElectronRuntime();
  await buildWhatIsStale();
  return openRestartableWorld({
    host: "electron",
    home: options.home,
    open: () => openDesktop({ program, ...options }),
    own: (now) => ({
      address: async () => (await now().connection()).url.replace("ws:", "http:"),
      pidOf: (part) => (part === "redis-server" ? Promise.resolve(findPart(now().pid, part)) : now().servicePid(part)),
      download: async (press) => {
        // Where a person would say where to keep it.
        const file = path.join(options.home.folder, "download");
        await now().app.evaluate(({ session }, target) => {
          session.defaultSession.once("will-download", (_event, item) => item.setSavePath(target));
        }, file);
        await press();
        await expect.poll(() => readOrNothing(file)).not.toBe("");
        return readOrNothing(file);
      },
    }),
  });
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
