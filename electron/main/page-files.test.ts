import { expect, test } from "vitest";
import { fileOf } from "./page-files";

test.each([
  ["app://bundle/index.html", "/page/index.html"],
  ["app://bundle/assets/mic%20x.js?v=1", "/page/assets/mic x.js"],
  ["app://bundle/../../etc/passwd", "/page/etc/passwd"],
  ["app://bundle/..%2f..%2fetc/passwd", undefined],
  ["app://bundle/%2e%2e/%2e%2e/etc/passwd", "/page/etc/passwd"],
  ["app://bundle/", undefined],
  ["app://bundle/%ff", undefined],
  ["app://other/index.html", undefined],
  ["https://bundle/index.html", undefined],
])("%s names %s", (url, file) => {
  expect(fileOf("/page", url)).toBe(file);
});
