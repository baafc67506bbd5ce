import { build } from "vite";

/** The tests drive the page as it is shipped. */
export default async function buildPage(): Promise<void> {
  await build({ configFile: "renderer/vite.config.ts", logLevel: "warn" });
}
