import { expect, it } from "vitest";
import { nativePath } from "./native-path";

it("a file in the archive of a package is found beside it, on every platform", () => {
  expect(nativePath("/opt/Parley/resources/app.asar/node_modules/a/b.onnx")).toBe(
    "/opt/Parley/resources/app.asar.unpacked/node_modules/a/b.onnx",
  );
  expect(nativePath("C:\\Parley\\resources\\app.asar\\b.onnx")).toBe(
    "C:\\Parley\\resources\\app.asar.unpacked\\b.onnx",
  );
});

it("a path that needs no change stays as it is", () => {
  for (const file of [
    "/home/you/parley/node_modules/a/b.onnx",
    "/opt/Parley/resources/app.asar.unpacked/b.onnx",
    "/home/app.asar",
  ]) {
    expect(nativePath(file)).toBe(file);
  }
});
