import { execFile } from "node:child_process";
import os from "node:os";
import { promisify } from "node:util";

const GIB = 1024 ** 3;

export function describeMachine(): string {
  const cpus = os.cpus();
  const memoryGib = (os.totalmem() / GIB).toFixed(1);
  return `${cpus[0]?.model.trim() ?? "unknown CPU"}, ${cpus.length} cores, ${memoryGib} GiB, Node ${process.versions.node}`;
}

/** Short hash of the checked-out commit, with "+" when files differ from it; "unknown" outside a repository. */
export async function describeCommit(folder: string): Promise<string> {
  const git = async (...args: string[]): Promise<string> =>
    (await promisify(execFile)("git", ["-C", folder, ...args])).stdout.trim();
  try {
    const [hash, changes] = await Promise.all([
      git("rev-parse", "--short=12", "HEAD"),
      git("status", "--porcelain", "--untracked-files=no"),
    ]);
    return changes === "" ? hash : `${hash}+`;
  } catch {
    return "unknown";
  }
}
