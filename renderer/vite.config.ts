import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** Started at the root of the repository: `vite build --config renderer/vite.config.ts`. */
export default defineConfig({
  root: "renderer",
  /** The page must load from any path and from Electron's own scheme. */
  base: "./",
  plugins: [react()],
  /** Worklets are one plain module file each. */
  worker: { format: "es" },
  build: {
    outDir: "../dist/renderer",
    emptyOutDir: true,
    target: "chrome130",
    /** Inlined files would be `data:` addresses, which the page's policy forbids to scripts. */
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
  },
});
