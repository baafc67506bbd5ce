import { readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, it } from "vitest";
import { readCopy, readDockerfile, readDockerignore } from "./dockerfile.mjs";
import { ROOT } from "./repo-root.mjs";

describe("a Dockerfile", () => {
  it("is read as stages, with lines that go on", () => {
    const text = "# why\nFROM node AS build\nRUN a && \\\n  b\nFROM node\nCOPY --from=build /app/x ./\n";
    expect(readDockerfile(text)).toEqual([
      { name: "build", instructions: [{ name: "RUN", args: "a &&    b" }] },
      { name: "1", instructions: [{ name: "COPY", args: "--from=build /app/x ./" }] },
    ]);
    expect(readCopy("--from=build /app/x /app/y ./")).toEqual({
      from: "build",
      sources: ["/app/x", "/app/y"],
      target: "./",
    });
  });

  it.each(["FROM a\nADD b c\n", "RUN before\n", "FROM a\nrun b\n"])(
    "with what is not understood is refused: %j",
    (text) => {
      expect(() => readDockerfile(text)).toThrow("not understood");
    },
  );
});

describe(".dockerignore", () => {
  it("leaves out paths, what is in them, and endings at the top", () => {
    const isIgnored = readDockerignore("dist\nvendor/redis\n*.log\n");
    expect(["dist", "dist/a", "vendor/redis/b", "x.log"].map(isIgnored)).toEqual([true, true, true, true]);
    expect(["distant", "a/dist", "vendor/other", "a/x.log"].map(isIgnored)).toEqual([false, false, false, false]);
  });

  it.each(["!keep", "**/a", "a?"])("a pattern that is not understood is refused: %s", (pattern) => {
    expect(() => readDockerignore(pattern)).toThrow("not understood");
  });

  it("leaves out every folder that git does", () => {
    const isIgnored = readDockerignore(readFileSync(path.join(ROOT, ".dockerignore"), "utf8"));
    const folders = readFileSync(path.join(ROOT, ".gitignore"), "utf8")
      .split("\n")
      .filter((line) => line.endsWith("/"))
      .map((line) => line.replace(/^\/|\/$/g, ""));
    expect(folders.filter((folder) => !isIgnored(folder))).toEqual([]);
    expect(folders).toContain("secrets");
  });
});
