import { app, Menu, type MenuItemConstructorOptions } from "electron";
import { talkItems, type TalkItemsOptions } from "./talk-items";

/** The menu that people of each platform expect; its entries bring their usual keys. */
export function setApplicationMenu(options: TalkItemsOptions): void {
  const isMac = process.platform === "darwin";
  const view: MenuItemConstructorOptions[] = [
    { role: "resetZoom" },
    { role: "zoomIn" },
    { role: "zoomOut" },
    { type: "separator" },
    { role: "togglefullscreen" },
  ];
  const tools: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ type: "separator" }, { role: "toggleDevTools" }];
  const own: MenuItemConstructorOptions = isMac
    ? { role: "appMenu" }
    : { label: "&Parley", submenu: [{ role: "about" }, { type: "separator" }, { role: "quit" }] };
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      own,
      { role: "editMenu" },
      { id: "talk", label: "&Talk", submenu: talkItems(options) },
      { label: "&View", submenu: [...view, ...tools] },
      { role: "windowMenu" },
    ]),
  );
}
