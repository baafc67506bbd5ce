import { expect, test } from "vitest";
import { takeToken } from "./session-token";

function setUp(hash: string, stored?: string) {
  const kept = new Map(stored === undefined ? [] : [["parley-token", stored]]);
  const addresses: string[] = [];
  const token = takeToken({
    location: { hash, pathname: "/app/", search: "?a=1" },
    history: {
      state: null,
      replaceState: (_state: unknown, _title: string, url?: string | URL | null) => void addresses.push(String(url)),
    },
    storage: { getItem: (key) => kept.get(key) ?? null, setItem: (key, value) => void kept.set(key, value) },
  });
  return { token, addresses, stored: kept.get("parley-token") };
}

test("a token in the address is kept for the tab and leaves the address bar", () => {
  expect(setUp("#token=a%2Fb")).toEqual({ token: "a/b", addresses: ["/app/?a=1"], stored: "a/b" });
});

test("a reload uses the token of before", () => {
  expect(setUp("", "old")).toEqual({ token: "old", addresses: [], stored: "old" });
});

test("a new token replaces the old one", () => {
  expect(setUp("#token=new", "old")).toMatchObject({ token: "new", stored: "new" });
});

test("without a token there is none", () => {
  expect(setUp("#token=").token).toBeUndefined();
  expect(setUp("#other=1").token).toBeUndefined();
});
