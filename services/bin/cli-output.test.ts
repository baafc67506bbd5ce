import { expect, it } from "vitest";
import { pageAddress } from "./cli-output";

const at = { host: "127.0.0.1", port: 8080 };

it.each(["abc-DEF_123", "a b&c=d%25+#e/é"])("the page finds the token %s in its address", (token) => {
  const { hash, origin } = new URL(pageAddress(at, token));
  expect(origin).toBe("http://127.0.0.1:8080");
  expect(new URLSearchParams(hash.slice(1)).get("token")).toBe(token);
});

it("without a token the address of the page is plain", () => {
  expect(pageAddress(at, undefined)).toBe("http://127.0.0.1:8080/");
});

it("an address of IPv6 is one that a browser takes", () => {
  expect(pageAddress({ scheme: "https", host: "::1", port: 8443 }, undefined)).toBe("https://[::1]:8443/");
});
