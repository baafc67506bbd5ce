// Tells whether a built folder is older than its sources, by a hash over path, size and mtime of each of them.
import { createHash } from "node:crypto";
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { ROOT } from "./repo-root.mjs";

const STAMP_NAME = ".stamp";
const IGNORED = /(^|\/)(node_modules|dist)(\/|$)|\.test\.tsx?$|\.md$/;

function* filesUnder(relative) {
  if (IGNORED.test(relative) || !existsSync(path.join(ROOT, relative))) return;
  if (!statSync(path.join(ROOT, relative)).isDirectory()) {
    yield relative;
    return;
  }
  for (const name of readdirSync(path.join(ROOT, relative)).sort()) yield* filesUnder(path.posix.join(relative, name));
}

/** Hash of the state of these files and folders (relative to the repository). About 5 ms for a thousand files. */
export function stampOf(sources) {
  const hash = createHash("sha256").update(process.version);
  for (const file of sources.flatMap((source) => [...filesUnder(source)])) {
    const { size, mtimeMs } = statSync(path.join(ROOT, file));
    hash.update(`${file}\0${size}\0${mtimeMs}\n`);
  }
  return hash.digest("hex");
}

/** The stamp that `folder` was built with; undefined when it was not built or not finished. */
export function readStamp(folder) {
  const file = path.join(folder, STAMP_NAME);
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

/** Call it last: a folder without a stamp counts as not built. */
export function writeStamp(folder, stamp) {
  writeFileSync(path.join(folder, STAMP_NAME), stamp);
}
