import path from "node:path";

export type ElectronSearch = { type: "found"; program: string } | { type: "missing"; reason: string };

/** What a search looks at; the real thing is `createElectronSurroundings`. */
export interface ElectronSurroundings {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  isRoot: boolean;
  /** Folder of the npm package; undefined when it is not installed. Never loads it: loading it starts a download. */
  packageFolder: string | undefined;
  exists(file: string): boolean;
  /** Fetches the program with the package's own installer; resolves with what it complained of, undefined when it worked. */
  install(script: string): Promise<string | undefined>;
}

export interface ElectronSearchOptions {
  /** Without it Electron does not run as root. */
  hasSandbox: boolean;
}

const PROGRAMS: Partial<Record<NodeJS.Platform, string>> = {
  darwin: "Electron.app/Contents/MacOS/Electron",
  win32: "electron.exe",
};

/** Electron's program, or in a few words why there can be no window here. Asks the cheapest question first. */
export async function findElectron(
  surroundings: ElectronSurroundings,
  options: ElectronSearchOptions,
): Promise<ElectronSearch> {
  const obstacle = findObstacle(surroundings, options);
  if (obstacle !== undefined) return { type: "missing", reason: obstacle };
  const { env, packageFolder, exists } = surroundings;
  const name = PROGRAMS[surroundings.platform] ?? "electron";
  const chosenFolder = env["ELECTRON_OVERRIDE_DIST_PATH"];
  if (chosenFolder !== undefined && chosenFolder !== "") {
    const program = path.join(chosenFolder, name);
    if (exists(program)) return { type: "found", program };
    return { type: "missing", reason: "ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron" };
  }
  if (packageFolder === undefined) return { type: "missing", reason: "Electron is not installed" };
  const program = path.join(packageFolder, "dist", name);
  const isThere = (): boolean => exists(program) && exists(path.join(packageFolder, "path.txt"));
  if (isThere()) return { type: "found", program };
  const complaint = await surroundings.install(path.join(packageFolder, "install.js"));
  if (isThere()) return { type: "found", program };
  return { type: "missing", reason: `Electron could not be fetched: ${complaint ?? "its installer left no program"}` };
}

function findObstacle(surroundings: ElectronSurroundings, options: ElectronSearchOptions): string | undefined {
  const { platform, env, isRoot } = surroundings;
  if (platform !== "linux") return undefined;
  if (!isSet(env["DISPLAY"]) && !isSet(env["WAYLAND_DISPLAY"])) return "there is no display";
  if (isRoot && options.hasSandbox) return "Electron does not run as root without --no-sandbox";
  return undefined;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
