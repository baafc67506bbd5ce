import { expect, it } from "vitest";
import { nearestName } from "./nearest-name";

it.each([
  ["redis.ulr", "redis.url"],
  ["redis_url", "redis.url"],
  ["Server-Port", "server.port"],
  ["server.prot", "server.port"],
])("%s is near %s", (text, near) => {
  expect(nearestName(text, ["server.host", "server.port", "redis.url"])).toBe(near);
});

it("nothing is near where there are no names", () => {
  expect(nearestName("a", [])).toBeUndefined();
});
