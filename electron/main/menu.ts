import { app, Menu, type MenuItemConstructorOptions } from "electron";

/** The menu that people of each platform expect; its entries bring their usual keys. */
export function setApplicationMenu(): void {
  const isMac = process.platform === "darwin";
  const view: MenuItemConstructorOptions[] = [
    { role: "resetZoom" },
    { role: "zoomIn" },
    { role: "zoomOut" },
    { type: "separator" },
    { role: "togglefullscreen" },
  ];
  const tools: MenuItemConstructorOptions[] = app.isPackaged ? [] : [{ type: "separator" }, { role: "toggleDevTools" }];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(isMac ? [{ role: "appMenu" as const }] : [{ label: "&Parley", submenu: [{ role: "quit" as const }] }]),
      { role: "editMenu" },
      { label: "&View", submenu: [...view, ...tools] },
      { role: "windowMenu" },
    ]),
  );
}
