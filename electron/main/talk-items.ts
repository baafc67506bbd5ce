import type { MenuItemConstructorOptions } from "electron";
import type { TalkCommand, TalkReport } from "#contracts/ipc/desktop-bridge";

export const NOT_TALKING: TalkReport = {
  canTalk: true,
  isTalking: false,
  hasMicrophone: false,
  isMuted: false,
  isPaused: false,
  status: "Ready when you are",
};

export interface TalkItemsOptions {
  talk: TalkReport;
  onCommand(command: TalkCommand): void;
}

/** What tray and menu offer for the conversation, as it stands. The keys are those of the application menu. */
export function talkItems({ talk, onCommand }: TalkItemsOptions): MenuItemConstructorOptions[] {
  const item = (
    command: TalkCommand,
    label: string,
    options: MenuItemConstructorOptions,
  ): MenuItemConstructorOptions => ({ id: command, label, click: () => onCommand(command), ...options });
  const { canTalk, isTalking, hasMicrophone, isMuted, isPaused } = talk;
  return [
    item("toggle-talk", isTalking ? "Stop &talking" : "Start &talking", {
      enabled: canTalk,
      accelerator: "CommandOrControl+T",
    }),
    item("toggle-mute", "&Mute", {
      type: "checkbox",
      checked: isMuted,
      enabled: isTalking && hasMicrophone,
      accelerator: "CommandOrControl+Shift+M",
    }),
    item("toggle-pause", "&Pause", {
      type: "checkbox",
      checked: isPaused,
      enabled: isTalking,
      accelerator: "CommandOrControl+Shift+P",
    }),
    item("stop-speaking", "Stop &speaking", { enabled: isTalking, accelerator: "CommandOrControl+." }),
  ];
}
