import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { createPlaces } from "./places";

const placesIn = (folder: string) => createPlaces(pathToFileURL(`${path.resolve(folder)}${path.sep}`), {});

it("folders of the user that are empty or relative count as none", () => {
  const entryFolder = pathToFileURL(`${path.resolve("/opt/parley")}${path.sep}`);
  const names = ["XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_CACHE_HOME", "XDG_RUNTIME_DIR"];
  for (const text of ["", "here"]) {
    const env = Object.fromEntries(names.map((name) => [name, text]));
    expect(JSON.stringify(createPlaces(entryFolder, env))).toBe(JSON.stringify(createPlaces(entryFolder, {})));
  }
});

it("a package looks for its Redis beside its archive, where a program can be started", () => {
  const { bundledRedis } = placesIn("/opt/Parley/resources/app.asar/dist/services");
  expect(path.dirname(bundledRedis ?? "")).toBe(path.resolve("/opt/Parley/resources/redis"));
});

it("outside a package there is no Redis of its own", () => {
  expect(placesIn("/home/you/parley/dist/services").bundledRedis).toBeUndefined();
});
