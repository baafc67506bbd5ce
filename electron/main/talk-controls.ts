import type { TalkReport } from "#contracts/ipc/desktop-bridge";
import type { Logger } from "#core/ports/logger";
import { setApplicationMenu } from "./menu";
import { NOT_TALKING, type TalkItemsOptions } from "./talk-items";
import { openTray, type TrayOptions } from "./tray";

export interface TalkControlsDeps {
  onCommand: TalkItemsOptions["onCommand"];
  onShow(): void;
  log: Logger;
}

export interface TalkControls {
  /** What the page says of its conversation; nothing: there is no page. */
  show(talk?: TalkReport): void;
}

/** The conversation in menu and tray. After `ready`. */
export function openTalkControls({ onCommand, onShow, log }: TalkControlsDeps): TalkControls {
  let talk = NOT_TALKING;
  const options = (): TrayOptions => ({ talk, onCommand, onShow });
  setApplicationMenu(options());
  const tray = openTray(options(), log);
  return {
    show(next = NOT_TALKING) {
      // The menu does not show the status, which changes with every turn.
      const isMenuStale = !isSameMenu(talk, next);
      talk = next;
      if (isMenuStale) setApplicationMenu(options());
      tray?.update(options());
    },
  };
}

function isSameMenu(a: TalkReport, b: TalkReport): boolean {
  return (
    a.canTalk === b.canTalk &&
    a.isTalking === b.isTalking &&
    a.hasMicrophone === b.hasMicrophone &&
    a.isMuted === b.isMuted &&
    a.isPaused === b.isPaused
  );
}
