import { expect, it } from "vitest";
import { pageAddress } from "./cli-output";

it.each(["abc-DEF_123", "a b&c=d%25+#e/é"])("the page finds the token %s in its address", (token) => {
  const { hash, origin } = new URL(pageAddress("http://127.0.0.1:8080", token));
  expect(origin).toBe("http://127.0.0.1:8080");
  expect(new URLSearchParams(hash.slice(1)).get("token")).toBe(token);
});

it("without a token the address of the page is plain", () => {
  expect(pageAddress("http://127.0.0.1:8080", undefined)).toBe("http://127.0.0.1:8080/");
});
