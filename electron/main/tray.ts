import { app, Menu, nativeImage, Tray } from "electron";
import type { Logger } from "#core/ports/logger";
import icon from "../build/icons/32x32.png";
import { talkItems, type TalkItemsOptions } from "./talk-items";

export interface TrayOptions extends TalkItemsOptions {
  onShow(): void;
}

export interface ParleyTray {
  update(options: TrayOptions): void;
}

/**
 * Parley beside the clock. Where nothing shows such icons (some Linux desktops) it is just not seen: everything in it is
 * in the window too, and closing the window ends Parley.
 */
export function openTray(options: TrayOptions, log: Logger): ParleyTray | undefined {
  try {
    const image = nativeImage.createFromDataURL(icon);
    const tray = new Tray(process.platform === "linux" ? image : image.resize({ width: 16, height: 16 }));
    tray.on("click", options.onShow);
    const update = (changed: TrayOptions): void => {
      tray.setToolTip(`Parley: ${changed.talk.status}`);
      // Linux shows no tooltips, so the state comes first in the menu.
      tray.setContextMenu(
        Menu.buildFromTemplate([
          { label: changed.talk.status, enabled: false },
          { type: "separator" },
          ...talkItems(changed).map(({ accelerator: _keys, ...item }) => item),
          { type: "separator" },
          { label: "Show &Parley", click: changed.onShow },
          { label: "&Quit", click: () => app.quit() },
        ]),
      );
    };
    update(options);
    return { update };
  } catch (error) {
    log.warn("there is no tray", { error });
    return undefined;
  }
}
