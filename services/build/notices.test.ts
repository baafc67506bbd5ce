import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { findDoubtful, formatNotices, listPackages, NOTICES_FILE } from "./notices.mjs";

describe("third-party notices", () => {
  it("are up to date (`npm run notices` writes them)", () => {
    expect(readFileSync(NOTICES_FILE, "utf8")).toBe(formatNotices(listPackages()));
  });

  it("name no library whose licence is not permissive", () => {
    expect(findDoubtful(listPackages())).toEqual([]);
  });

  it("notice a copyleft licence", () => {
    expect(
      findDoubtful([{ name: "some-library", version: "1.0.0", declared: "GPL-3.0", text: "", licence: "GPL-3.0" }]),
    ).toEqual(["some-library: GPL-3.0"]);
  });
});
