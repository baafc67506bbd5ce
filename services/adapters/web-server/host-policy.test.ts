import { describe, expect, it } from "vitest";
import { isAllowedRequest } from "./host-policy";

const loopback = { boundHost: "127.0.0.1", allowedHosts: [], allowedOrigins: [] };
const lan = { boundHost: "0.0.0.0", allowedHosts: ["parley.lan"], allowedOrigins: [] };
const desktop = { ...loopback, allowedOrigins: ["app://bundle"] };

describe("[P1] isAllowedRequest", () => {
  it.each([
    ["a program on this computer", loopback, { host: "127.0.0.1:8080", origin: undefined }, true],
    ["our own page", loopback, { host: "localhost:8080", origin: "http://localhost:8080" }, true],
    ["a page from elsewhere", loopback, { host: "127.0.0.1:8080", origin: "https://evil.example" }, false],
    ["a page of another port", loopback, { host: "127.0.0.1:8080", origin: "http://127.0.0.1:9999" }, false],
    [
      "a name that was rebound to loopback",
      loopback,
      { host: "evil.example:8080", origin: "http://evil.example:8080" },
      false,
    ],
    ["a sandboxed page", loopback, { host: "127.0.0.1:8080", origin: "null" }, false],
    ["the window's page", desktop, { host: "127.0.0.1:8080", origin: "app://bundle" }, true],
    ["another page of the window's kind", desktop, { host: "127.0.0.1:8080", origin: "app://other" }, false],
    ["the window's page at a rebound name", desktop, { host: "evil.example:8080", origin: "app://bundle" }, false],
    ["the window's page where none is expected", loopback, { host: "127.0.0.1:8080", origin: "app://bundle" }, false],
    ["no Host at all", loopback, { host: undefined, origin: undefined }, false],
    ["an address on the LAN", lan, { host: "192.168.1.5:8080", origin: "http://192.168.1.5:8080" }, true],
    ["a listed name on the LAN", lan, { host: "parley.lan:8080", origin: undefined }, true],
    ["an unlisted name on the LAN", lan, { host: "other.lan:8080", origin: undefined }, false],
  ])("%s", (_name, policy, request, isAllowed) => {
    expect(isAllowedRequest(policy, request)).toBe(isAllowed);
  });
});
