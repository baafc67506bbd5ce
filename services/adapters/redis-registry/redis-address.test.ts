import { expect, it } from "vitest";
import { parseRedisUrl } from "./redis-address";

it.each([
  ["redis://host", { type: "server", node: { host: "host", port: 6379 } }, "host:6379"],
  ["redis://[::1]:7000/3", { type: "server", node: { host: "::1", port: 7000 } }, "[::1]:7000"],
  [
    "redis+sentinel://a,b:5000/main",
    {
      type: "sentinel",
      nodes: [
        { host: "a", port: 26379 },
        { host: "b", port: 5000 },
      ],
      name: "main",
    },
    "main by Sentinel a:26379, b:5000",
  ],
  [
    "redis+cluster://a:1,b:2",
    {
      type: "cluster",
      nodes: [
        { host: "a", port: 1 },
        { host: "b", port: 2 },
      ],
    },
    "Cluster a:1, b:2",
  ],
])("%s", (url, place, shown) => {
  expect(parseRedisUrl(url)).toMatchObject({ place, shown, isTls: false, username: undefined, password: undefined });
});

it("user, password, database and TLS are read in every form, and the password is not shown", () => {
  const address = parseRedisUrl("rediss+sentinel://me:p%40ss@a:1/main/2");
  expect(address).toMatchObject({ username: "me", password: "p@ss", db: 2, isTls: true });
  expect(address.shown).not.toContain("ss@");
});

it.each([
  "redis+sentinel://a:1",
  "redis+sentinel://a:1/",
  "redis+cluster://a:1/3",
  "redis+other://a:1",
  "redis://a:1,b:2",
  "redis://a:1/x",
  "redis://a:b",
  "redis://a:65536",
  "redis://",
  "redis://a:1/0/1",
])("%s: bad-config", (url) => {
  expect(() => parseRedisUrl(url)).toThrow(expect.objectContaining({ code: "bad-config" }));
});
