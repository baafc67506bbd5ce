import { expect, test } from "vitest";
import { findOrchestrator } from "./orchestrator-address";

const pageAt = (url: string): Location => new URL(url) as unknown as Location;

test("in a browser the orchestrator is where the page came from", async () => {
  expect(await findOrchestrator(pageAt("http://127.0.0.1:8080/"), undefined)).toEqual({
    url: "ws://127.0.0.1:8080/",
    token: undefined,
  });
  expect(await findOrchestrator(pageAt("https://parley.lan/"), undefined)).toMatchObject({ url: "wss://parley.lan/" });
});

test("in the desktop window it is where the window says", async () => {
  const connection = { url: "ws://127.0.0.1:4242/", token: "secret" };
  const desktop = { connection: () => Promise.resolve(connection) };
  expect(await findOrchestrator(pageAt("app://bundle/index.html"), desktop)).toEqual(connection);
});
