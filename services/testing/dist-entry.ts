import path from "node:path";
import { pathToFileURL } from "node:url";

/** Folder of the built service entries, for integration tests (built by their global set-up). */
export const DIST_ENTRY_FOLDER: URL = pathToFileURL(path.resolve("dist/services") + path.sep);
