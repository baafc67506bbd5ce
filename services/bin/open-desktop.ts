import { fileURLToPath } from "node:url";
import { createElectronSurroundings } from "#adapters/desktop-shell/electron-surroundings";
import { findElectron } from "#adapters/desktop-shell/find-electron";
import { openWindow, startElectron, type OpenedWindow } from "#adapters/desktop-shell/open-window";
import { systemClock } from "#adapters/system/system-clock";
import { places } from "./places";

export interface DesktopOptions {
  config: string | undefined;
  profile: string | undefined;
  mode: string | undefined;
  advertise: string | undefined;
  hasSandbox: boolean;
  stopped: Promise<void>;
}

/** Parley in its own window, or in a few words why there can be none here. */
export async function openDesktop({
  config,
  profile,
  mode,
  advertise,
  hasSandbox,
  stopped,
}: DesktopOptions): Promise<OpenedWindow> {
  const onInstall = (): void => void process.stderr.write("Fetching Electron for the desktop window, once…\n");
  const found = await findElectron(createElectronSurroundings({ env: process.env, onInstall }), { hasSandbox });
  if (found.type === "missing") return { type: "failed", reason: found.reason };
  const args = [
    ...(hasSandbox ? [] : ["--no-sandbox"]),
    fileURLToPath(new URL("../../", places.entryFolder)),
    ...(config === undefined ? [] : ["--config", config]),
    ...(profile === undefined ? [] : ["--profile", profile]),
    ...(mode === undefined ? [] : ["--mode", mode]),
    ...(advertise === undefined ? [] : ["--advertise", advertise]),
  ];
  const onLogLine = (line: string): void => void process.stderr.write(`${line}\n`);
  return openWindow({
    clock: systemClock,
    stopped,
    start: () => startElectron({ program: found.program, args, env: process.env, onLogLine }),
  });
}
