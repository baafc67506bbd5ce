import { afterEach, describe, expect, it, vi } from "vitest";
import { findChromium, provideSystemPackages } from "./system-packages.mjs";

describe("what the tests need of the system", () => {
  afterEach(() => vi.unstubAllEnvs());

  it("names each missing thing in a line, with what fails and how to get it, where nothing can be installed", () => {
    vi.stubEnv("PATH", "/nonexistent");
    vi.stubEnv("PARLEY_CHROMIUM", undefined);
    const lines = provideSystemPackages();
    expect(lines).toContain(
      "missing: redis-server (tests with a real Redis fail); get it with: sudo apt-get install redis-server",
    );
    for (const name of ["redis-sentinel", "chromium", "xvfb"]) {
      expect(lines).toContainEqual(expect.stringContaining(`sudo apt-get install ${name}`));
    }
  });

  it("takes the browser that PARLEY_CHROMIUM names", () => {
    vi.stubEnv("PARLEY_CHROMIUM", "/opt/browser");
    expect(findChromium()).toBe("/opt/browser");
  });
});
