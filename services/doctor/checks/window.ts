import { ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

export function checkWindow({ windowObstacle }: Pick<Probes, "windowObstacle">): Check {
  return {
    name: "window",
    async run() {
      const obstacle = await windowObstacle();
      if (obstacle === undefined) return ok("The desktop window can open.");
      return warn(`There can be no desktop window: ${obstacle}.`, "npm start -- --browser shows the same in a browser");
    },
  };
}
