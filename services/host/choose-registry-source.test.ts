import { expect, it } from "vitest";
import { RedisConfig } from "#contracts/config/redis";
import { configuredUrl } from "./choose-registry-source";

it.each([
  [{}, ""],
  [{ url: "redis://a", sentinels: ["b:1"] }, "redis://a"],
  [{ sentinels: ["b:1", "c:2"], cluster: ["d:3"] }, "redis+sentinel://b:1,c:2/mymaster"],
  [{ sentinels: ["b:1"], sentinel_name: "main", ca_file: "/ca.crt" }, "rediss+sentinel://b:1/main"],
  [{ cluster: ["d:3", "e:4"] }, "redis+cluster://d:3,e:4"],
])("%j is %s", (config, url) => {
  expect(configuredUrl(RedisConfig.parse(config))).toBe(url);
});
