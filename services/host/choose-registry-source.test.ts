import { expect, it } from "vitest";
import { RedisConfig } from "#contracts/config/redis";
import { configuredUrl, registrySettings } from "./choose-registry-source";
import { envForChildren } from "./registry-env";

it.each([
  [{}, ""],
  [{ url: "redis://a", sentinels: ["b:1"] }, "redis://a"],
  [{ sentinels: ["b:1", "c:2"], cluster: ["d:3"] }, "redis+sentinel://b:1,c:2/mymaster"],
  [{ sentinels: ["b:1"], sentinel_name: "main", ca_file: "/ca.crt" }, "rediss+sentinel://b:1/main"],
  [{ cluster: ["d:3", "e:4"] }, "redis+cluster://d:3,e:4"],
])("%j is %s", (config, url) => {
  expect(configuredUrl(RedisConfig.parse(config))).toBe(url);
});

it("an empty variable counts as none", () => {
  const names = ["REDIS_URL", "REDIS_CA_FILE", "REDIS_PASSWORD_FILE", "REDIS_SENTINEL_NAME"];
  const env = Object.fromEntries(names.map((name) => [name, ""]));
  const settings = (given: Record<string, string>) =>
    registrySettings(RedisConfig.parse({ ca_file: "/ca.crt" }), { env: given, mayStart: false });
  expect(settings(env)).toEqual(settings({}));
  expect(settings({ ...env, PARLEY_REDIS_URL: "redis://a" }).redisUrl).toBe("redis://a");
  expect(settings({ ...env, REDIS_SENTINELS: "b:1" }).redisUrl).toBe("redis+sentinel://b:1/mymaster");
});

it("the seconds of the configuration hold for whatever Redis it is, in all processes", () => {
  const config = RedisConfig.parse({ socket_timeout: 5, socket_connect_timeout: 3 });
  const { timeouts } = registrySettings(config, { env: { REDIS_URL: "redis://a" }, mayStart: false });
  expect(timeouts).toEqual({ commandMs: 5_000, connectMs: 3_000 });
  const origin = { source: "url", address: "a:6379", banner: undefined } as const;
  const stop = (): Promise<void> => Promise.resolve();
  const told = envForChildren({ type: "redis", url: "redis://a", password: undefined, timeouts, origin, stop });
  expect(told["PARLEY_REGISTRY_TIMEOUTS"]).toBe('{"commandMs":5000,"connectMs":3000}');
});
