import { contextBridge, ipcRenderer } from "electron";
import { DESKTOP_CHANNELS } from "#contracts/ipc/channels";
import type {
  DesktopBridge,
  DesktopConnection,
  DesktopEvent,
  DesktopLaunch,
  DesktopSettings,
} from "#contracts/ipc/desktop-bridge";

// The bridge copies and freezes what it exposes; the page never sees ipcRenderer, nor the event that a message came with.
const bridge: DesktopBridge = {
  launch: () => ipcRenderer.invoke(DESKTOP_CHANNELS.launch) as Promise<DesktopLaunch>,
  connection: () => ipcRenderer.invoke(DESKTOP_CHANNELS.connection) as Promise<DesktopConnection>,
  report: (talk) => ipcRenderer.invoke(DESKTOP_CHANNELS.report, talk) as Promise<void>,
  settings: () => ipcRenderer.invoke(DESKTOP_CHANNELS.settings) as Promise<DesktopSettings>,
  changeSettings: (patch) => ipcRenderer.invoke(DESKTOP_CHANNELS.changeSettings, patch) as Promise<DesktopSettings>,
  onEvent: (listener) => {
    const hear = (_event: unknown, sent: DesktopEvent): void => listener(sent);
    ipcRenderer.on(DESKTOP_CHANNELS.event, hear);
    return () => void ipcRenderer.off(DESKTOP_CHANNELS.event, hear);
  },
};

contextBridge.exposeInMainWorld("parley", bridge);
