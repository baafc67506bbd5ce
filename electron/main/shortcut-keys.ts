import { globalShortcut } from "electron";
import type { ShortcutKeys } from "./desktop-settings";

/** Keys that work in every program. There is no word of their release, so they switch and cannot be held. After `ready`. */
export function createShortcutKeys(onPressed: () => void): ShortcutKeys {
  let held = "";
  return {
    hold(accelerator) {
      if (held !== "") globalShortcut.unregister(held);
      held = "";
      if (accelerator === "") return "off";
      try {
        if (!globalShortcut.register(accelerator, onPressed)) return "taken";
        held = accelerator;
        return "on";
      } catch {
        return "invalid";
      }
    },
  };
}
