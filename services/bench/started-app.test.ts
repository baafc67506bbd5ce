import { expect, it } from "vitest";
import { findPageAddress } from "./started-app";

const printed = "Parley is running. Open this address in your browser:\n  http://127.0.0.1:8080/#token=a-B_9\n";

it("finds page and token among what npm start prints", () => {
  expect(findPageAddress(printed)).toEqual({ pageUrl: "http://127.0.0.1:8080/", token: "a-B_9" });
});
it("waits for the whole line", () => {
  expect(findPageAddress(printed.slice(0, -2))).toBeUndefined();
});
