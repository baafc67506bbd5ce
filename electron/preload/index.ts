import { contextBridge, ipcRenderer } from "electron";
import { DESKTOP_CHANNELS } from "#contracts/ipc/channels";
import type { DesktopBridge, DesktopConnection } from "#contracts/ipc/desktop-bridge";

// The bridge copies and freezes what it exposes; the page never sees ipcRenderer itself.
const bridge: DesktopBridge = {
  connection: () => ipcRenderer.invoke(DESKTOP_CHANNELS.connection) as Promise<DesktopConnection>,
};

contextBridge.exposeInMainWorld("parley", bridge);
