import path from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { createPlaces } from "./places";

const placesIn = (folder: string) => createPlaces(pathToFileURL(`${path.resolve(folder)}${path.sep}`), {});

it("a package looks for its Redis beside its archive, where a program can be started", () => {
  const { bundledRedis } = placesIn("/opt/Parley/resources/app.asar/dist/services");
  expect(path.dirname(bundledRedis ?? "")).toBe(path.resolve("/opt/Parley/resources/redis"));
});

it("outside a package there is no Redis of its own", () => {
  expect(placesIn("/home/you/parley/dist/services").bundledRedis).toBeUndefined();
});
