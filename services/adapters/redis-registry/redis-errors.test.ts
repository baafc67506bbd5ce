import { expect, it } from "vitest";
import { isOutage, toRedisError } from "./redis-errors";

const failed = (code: string): Error => Object.assign(new Error(`failed with ${code}`), { code });
const replied = (text: string): Error => Object.assign(new Error(text), { name: "ReplyError" });

it.each([
  [failed("ECONNREFUSED"), "redis-unreachable", "nothing listens there"],
  [failed("EHOSTUNREACH"), "redis-no-route", "no way to that host"],
  [failed("ENETUNREACH"), "redis-no-route", "no way to that network"],
  [failed("ENOTFOUND"), "redis-unknown-host", "not known"],
  [failed("CERT_HAS_EXPIRED"), "redis-untrusted", "expired"],
  [failed("ERR_TLS_CERT_ALTNAME_INVALID"), "redis-untrusted", "another host name"],
  [replied("NOAUTH Authentication required."), "redis-auth-required", "NOAUTH"],
  [replied("WRONGPASS invalid username-password pair"), "redis-auth-failed", "WRONGPASS"],
  [replied("-DENIED Redis is running in protected mode"), "redis-protected", "protected"],
  [replied("ERR max number of clients reached"), "redis-full", "max number"],
])("[RG21] %s is %s", (error, code, detail) => {
  const told = toRedisError(error, "host:6379");
  expect(told.code).toBe(code);
  expect(told.message).toContain(detail);
  expect(told.message).toContain("host:6379");
});

it("[RG23] only what may pass by itself is an outage", () => {
  expect(isOutage(toRedisError(failed("EHOSTUNREACH"), "h"))).toBe(true);
  expect(isOutage(toRedisError(failed("CERT_HAS_EXPIRED"), "h"))).toBe(false);
});
