import { expect, it } from "vitest";
import { originOf } from "./secret-origin";

it.each([
  ["http://127.0.0.1:11434/v1", "http://127.0.0.1:11434"],
  ["https://API.example/v1?x=1", "https://api.example"],
  ["rediss://me:secret@redis.lan:6380/2", "rediss://redis.lan:6380"],
  ["redis://[::1]:6379", "redis://[::1]:6379"],
])("%s is %s", (address, origin) => {
  expect(originOf(address)).toBe(origin);
});

it.each(["", "redis.lan", "http://elsewhere.test\\@redis.lan", "http://a b"])("%j has none", (address) => {
  expect(originOf(address)).toBeUndefined();
});
