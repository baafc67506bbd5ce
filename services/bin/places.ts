import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** All entries and chunks are built into one flat folder, dist/services. */
const ENTRY_FOLDER = new URL("./", import.meta.url);

/** Where things are on this computer. Paths of the app come from where it was built, those of the user from the environment. */
export const places = {
  entryFolder: ENTRY_FOLDER,
  protoPath: fileURLToPath(new URL("tts.proto", ENTRY_FOLDER)),
  uiFolder: fileURLToPath(new URL("../renderer", ENTRY_FOLDER)),
  configFile: (name: "orchestrator" | "worker") => fileURLToPath(new URL(`../../configs/${name}.yaml`, ENTRY_FOLDER)),
  cacheDir: path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"), "parley"),
  runtimeDir: path.join(process.env.XDG_RUNTIME_DIR ?? path.join(os.homedir(), ".cache"), "parley", "run"),
};
