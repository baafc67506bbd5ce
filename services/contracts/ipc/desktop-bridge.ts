import { z } from "zod";

/** Where the orchestrator of this window is, and the secret to it. */
export const DesktopConnection = z.strictObject({
  url: z.url({ protocol: /^ws$/ }),
  token: z.string().min(1),
});
export type DesktopConnection = z.infer<typeof DesktopConnection>;

/** What the page is for; known before the services run. */
export const DesktopLaunch = z.strictObject({
  /** Nothing was ever chosen here. */
  isFirstRun: z.boolean(),
  /** A worker for others alone. */
  isWorkerOnly: z.boolean(),
});
export type DesktopLaunch = z.infer<typeof DesktopLaunch>;

/** What tray and menu show of the conversation. */
export const TalkReport = z.strictObject({
  /** False where conversations are held elsewhere. */
  canTalk: z.boolean(),
  /** A conversation runs, or is about to. */
  isTalking: z.boolean(),
  /** There is a microphone to mute. */
  hasMicrophone: z.boolean(),
  isMuted: z.boolean(),
  isPaused: z.boolean(),
  /** The conversation's state, for people. */
  status: z.string().max(80),
});
export type TalkReport = z.infer<typeof TalkReport>;

/** What a person can ask of the conversation from outside its page. */
export const TalkCommand = z.enum(["toggle-talk", "toggle-mute", "toggle-pause", "stop-speaking"]);
export type TalkCommand = z.infer<typeof TalkCommand>;

/** What the main process tells the page. */
export const DesktopEvent = z.discriminatedUnion("type", [
  z.strictObject({ type: z.literal("command"), command: TalkCommand }),
  /** The computer is about to sleep. */
  z.strictObject({ type: z.literal("suspend") }),
  z.strictObject({ type: z.literal("wake") }),
  /** A part of Parley in a process of its own ended or froze and comes back, is back, or will not come back. */
  z.strictObject({
    type: z.literal("part"),
    part: z.enum(["orchestrator", "desk", "tts-worker", "ears"]),
    state: z.enum(["ready", "restarting", "given-up"]),
  }),
]);
export type DesktopEvent = z.infer<typeof DesktopEvent>;

/** What belongs to this computer's desktop and not to the conversation. */
export const DesktopSettings = z.strictObject({
  /** Starts and stops talking from every program. */
  shortcut: z.strictObject({
    /** In Electron's words, for instance "CommandOrControl+Shift+Space"; empty: none. */
    accelerator: z.string().max(60),
    /** `taken`: by another program or the system. `invalid`: no keys by this name. */
    state: z.enum(["on", "off", "taken", "invalid"]),
  }),
  login: z.strictObject({
    isOn: z.boolean(),
    /** Only an installed app can be started at login. */
    isOffered: z.boolean(),
  }),
});
export type DesktopSettings = z.infer<typeof DesktopSettings>;

export const DesktopSettingsPatch = z.strictObject({
  accelerator: z.string().max(60).optional(),
  startsAtLogin: z.boolean().optional(),
});
export type DesktopSettingsPatch = z.infer<typeof DesktopSettingsPatch>;

/** `window.parley` in the desktop window; a browser has none. */
export interface DesktopBridge {
  launch(): Promise<DesktopLaunch>;
  /** Resolves when a conversation can begin. */
  connection(): Promise<DesktopConnection>;
  report(talk: TalkReport): Promise<void>;
  settings(): Promise<DesktopSettings>;
  changeSettings(patch: DesktopSettingsPatch): Promise<DesktopSettings>;
  /** Returns how to stop listening. */
  onEvent(listener: (event: DesktopEvent) => void): () => void;
}

/** The window's page, as Origin headers name it. */
export const DESKTOP_ORIGIN = "app://bundle";
