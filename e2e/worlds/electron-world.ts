import { readFileSync } from "node:fs";
import path from "node:path";
import { expect } from "@playwright/test";
import { buildWhatIsStale } from "../../services/build/build.mjs";
import { prepareElectronRuntime } from "../../services/build/electron-runtime.mjs";
import { openDesktop } from "../electron/desktop";
import { findPart, type World, type WorldOptions } from "./world";

/** The desktop window in a real Electron. */
export async function openElectronWorld(options: WorldOptions): Promise<World> {
  const program = await prepareElectronRuntime();
  await buildWhatIsStale();
  const open = () => openDesktop({ program, ...options });
  let desktop = await open();
  return {
    host: "electron",
    home: options.home,
    get parley() {
      return desktop.parley;
    },
    get page() {
      return desktop.page;
    },
    get complaints() {
      return desktop.complaints;
    },
    address: async () => (await desktop.connection()).url.replace("ws:", "http:"),
    pidOf: (part) =>
      part === "redis-server" ? Promise.resolve(findPart(desktop.pid, part)) : desktop.servicePid(part),
    download: async (press) => {
      // Where a person would say where to keep it.
      const file = path.join(options.home.folder, "download");
      await desktop.app.evaluate(({ session }, target) => {
        session.defaultSession.once("will-download", (_event, item) => item.setSavePath(target));
      }, file);
      await press();
      await expect.poll(() => readOrNothing(file)).not.toBe("");
      return readOrNothing(file);
    },
    restart: async () => {
      await desktop.close();
      desktop = await open();
    },
    close: () => desktop.close(),
  };
}

function readOrNothing(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
