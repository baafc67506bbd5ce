import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findDoubtful, findDoubtfulInLock, formatNotices, listPackages, NOTICES_FILE } from "./notices.mjs";

describe("third-party notices", () => {
  it("are up to date (`npm run notices` writes them)", () => {
    expect(readFileSync(NOTICES_FILE, "utf8")).toBe(formatNotices(listPackages()));
  });

  it("name no library whose licence is not permissive", () => {
    expect(findDoubtful(listPackages())).toEqual([]);
  });

  it("know the licence of every tool in the lock file, too", () => {
    const lock = JSON.parse(readFileSync("package-lock.json", "utf8")) as { packages: Record<string, object> };
    expect(findDoubtfulInLock(lock.packages)).toEqual([]);
    expect(
      findDoubtfulInLock({
        "": {},
        "node_modules/a": { license: "(GPL-3.0 OR MIT)" },
        "node_modules/a/node_modules/b": { license: "MIT AND GPL-3.0" },
        "node_modules/c": {},
      }),
    ).toEqual(["b: MIT AND GPL-3.0", "c: none"]);
  });

  it("notice a copyleft licence", () => {
    expect(
      findDoubtful([{ name: "some-library", version: "1.0.0", declared: "GPL-3.0", text: "", licence: "GPL-3.0" }]),
    ).toEqual(["some-library: GPL-3.0"]);
  });
});

describe("npm run sbom", () => {
  it("prints what is installed for running, and no tools, as CycloneDX JSON", () => {
    const { stdout } = spawnSync("npm", ["run", "--silent", "sbom"], { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 });
    const { bomFormat, components } = JSON.parse(stdout) as { bomFormat: string; components: { name: string }[] };
    expect(bomFormat).toBe("CycloneDX");
    const names = components.map(({ name }) => name);
    expect(names).toContain("ws");
    expect(names).not.toContain("vitest");
  });
});
