import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import type { ChildSpec } from "#core/ports/child-process";
import { createNodeChildStarter } from "./node-child-starter";

const NAME = "MALLOC_MMAP_THRESHOLD_";
const folder = mkdtempSync(path.join(tmpdir(), "parley-node-child-"));

/** What a child finds in its environment, or "unset". */
function limitIn(entry: string, env: ChildSpec["env"] = {}): Promise<unknown> {
  const starter = createNodeChildStarter({ entryFolder: pathToFileURL(`${folder}/`) });
  return new Promise((resolve) => {
    const child = starter.start({ entry, args: [], env });
    child.onMessage(resolve);
    child.onExit(() => resolve("ended without a word"));
  });
}

describe("Node child starter", () => {
  beforeAll(() => {
    const teller = `process.send(process.env.${NAME} ?? "unset", () => process.disconnect());`;
    for (const entry of ["orchestrator", "ears"]) writeFileSync(path.join(folder, `${entry}.js`), teller);
  });
  afterEach(() => vi.unstubAllEnvs());
  afterAll(() => rmSync(folder, { recursive: true }));

  it("keeps the orchestrator's glibc from raising the size of the blocks that go back to the system", async () => {
    vi.stubEnv(NAME, undefined);
    expect(await limitIn("orchestrator")).toBe("131072");
    expect(await limitIn("ears")).toBe("unset");
  });

  it("spares the ears, whose parent has got it", async () => {
    vi.stubEnv(NAME, "131072");
    expect(await limitIn("ears")).toBe("unset");
  });

  it("leaves the allocator to who has set it", async () => {
    vi.stubEnv(NAME, "65536");
    expect(await limitIn("orchestrator")).toBe("65536");
    expect(await limitIn("ears")).toBe("65536");
    expect(await limitIn("orchestrator", { [NAME]: "32768" })).toBe("32768");
  });
});
