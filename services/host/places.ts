import os from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

export type Environment = Readonly<Record<string, string | undefined>>;

export interface Places {
  /** All entries and chunks are built into one flat folder, dist/services. */
  entryFolder: URL;
  packageFile: string;
  protoPath: string;
  uiFolder: string;
  configFile(name: "orchestrator" | "worker"): string;
  /** Holds NAME.yaml for each profile. */
  profileFolder: string;
  cacheDir: string;
  /** Holds what the person has chosen. */
  configDir: string;
  /** Holds what is kept of conversations. */
  dataDir: string;
  runtimeDir: string;
  /** Where a package keeps a Redis of its own, whether it brought one or not; undefined outside a package. */
  bundledRedis: string | undefined;
}

/** A package has the app in resources/app.asar and other programs beside it. */
const IN_PACKAGE = "/app.asar/dist/services/";

/** Where things are on this computer. Paths of the app come from where it was built, those of the user from the environment. */
export function createPlaces(entryFolder: URL, env: Environment): Places {
  const home = homeFolder();
  const userCache = path.join(home, ".cache");
  return {
    entryFolder,
    packageFile: fileURLToPath(new URL("../../package.json", entryFolder)),
    protoPath: fileURLToPath(new URL("tts.proto", entryFolder)),
    uiFolder: fileURLToPath(new URL("../renderer", entryFolder)),
    configFile: (name) => fileURLToPath(new URL(`../../configs/${name}.yaml`, entryFolder)),
    profileFolder: fileURLToPath(new URL("../../configs/profiles", entryFolder)),
    configDir: path.join(folderIn(env, "XDG_CONFIG_HOME") ?? path.join(home, ".config"), "parley"),
    dataDir: path.join(folderIn(env, "XDG_DATA_HOME") ?? path.join(home, ".local", "share"), "parley"),
    cacheDir: path.join(folderIn(env, "XDG_CACHE_HOME") ?? userCache, "parley"),
    runtimeDir: path.join(folderIn(env, "XDG_RUNTIME_DIR") ?? userCache, "parley", "run"),
    bundledRedis: entryFolder.pathname.endsWith(IN_PACKAGE) ? bundledRedis(entryFolder) : undefined,
  };
}

/** A container may run as a user that has no name and so no home: then /, as Docker has it. */
function homeFolder(): string {
  try {
    return os.homedir() || os.userInfo().homedir;
  } catch {
    return path.parse(process.cwd()).root;
  }
}

/** The XDG rules have a relative folder left out. */
function folderIn(env: Environment, name: string): string | undefined {
  const folder = env[name];
  return folder !== undefined && path.isAbsolute(folder) ? folder : undefined;
}

function bundledRedis(entryFolder: URL): string {
  const name = process.platform === "win32" ? "redis-server.exe" : "redis-server";
  return fileURLToPath(new URL(`../../../redis/${name}`, entryFolder));
}
