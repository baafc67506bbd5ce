import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { BrainConfig } from "#contracts/config/brain";
import type { Brain } from "#core/ports/brain";
import { silentLogger } from "#core/ports/logger";
import { FakeClock } from "#testing/fake-clock";
import { startFakeOpenAiServer, type FakeOpenAiServer } from "#testing/fake-openai-server";
import { createBrainFromConfig, type BrainChoiceDeps } from "./brain-choice";

let server: FakeOpenAiServer;
beforeEach(async () => {
  server = await startFakeOpenAiServer();
});
afterEach(() => server.close());

const makeDeps = (deps: Partial<BrainChoiceDeps> = {}): BrainChoiceDeps => ({
  clock: new FakeClock(),
  log: silentLogger,
  fetch,
  env: {},
  candidates: [{ name: "Ollama", baseUrl: server.baseUrl }],
  ...deps,
});
const choose = (config: unknown, deps?: Partial<BrainChoiceDeps>): Promise<Brain> =>
  createBrainFromConfig(makeDeps(deps), BrainConfig.parse(config));

async function ask(brain: Brain): Promise<string> {
  let text = "";
  for await (const delta of brain.respond({
    history: [{ role: "user", text: "Hi" }],
    sessionId: "session-1",
    signal: new AbortController().signal,
  }))
    text += delta;
  return text;
}

describe("auto", () => {
  it("takes the endpoint that is found on this computer", async () => {
    const brain = await choose({});
    expect(brain.info).toEqual({ kind: "endpoint", label: "Ollama: fake-model" });
    expect(await ask(brain)).toBe("Hello there.");
  });
  it("takes the built-in responder when none is found", async () => {
    server.listModels({ status: 500 });
    expect((await choose({})).info.kind).toBe("builtin");
  });
  it("takes the configured endpoint before any other, and looks for none", async () => {
    const brain = await choose({ endpoint: { url: server.baseUrl, model: "mine" } });
    expect(brain.info.label).toMatch(/^127\.0\.0\.1:\d+: mine$/);
    expect(server.modelListCount).toBe(0);
  });
});
it("builtin asks nobody", async () => {
  expect((await choose({ kind: "builtin" })).info.label).toBe("Built-in responder (no language model)");
  expect(server.modelListCount).toBe(0);
});
it("endpoint does not ask the endpoint at the start, so that it may come up later", async () => {
  expect((await choose({ kind: "endpoint", endpoint: { url: "http://127.0.0.1:9/v1" } })).info).toEqual({
    kind: "endpoint",
    label: "127.0.0.1:9",
  });
});
it("the key comes from the variable that the configuration names", async () => {
  await ask(
    await choose(
      { endpoint: { url: server.baseUrl, model: "mine", apiKeyEnv: "MY_KEY" } },
      { env: { MY_KEY: "key-1" } },
    ),
  );
  expect(server.authorizations).toEqual(["Bearer key-1"]);
  await expect(choose({ endpoint: { url: server.baseUrl, apiKeyEnv: "MY_KEY" } })).rejects.toMatchObject({
    code: "bad-config",
  });
});
it("the key may stand in the configuration", async () => {
  await ask(await choose({ endpoint: { url: server.baseUrl, model: "mine", apiKey: "key-2" } }));
  expect(server.authorizations).toEqual(["Bearer key-2"]);
});

describe("the configuration", () => {
  it("has a default for everything", () => {
    expect(BrainConfig.parse({})).toMatchObject({
      kind: "auto",
      builtin: { seed: 1, firstTokenDelayMs: 0, tokensPerSecond: 0 },
      firstTokenTimeoutMs: 15_000,
      stallTimeoutMs: 10_000,
    });
  });
  it.each([
    ["an endpoint without a URL", { kind: "endpoint" }],
    ["another protocol", { endpoint: { url: "ftp://x/v1" } }],
    ["no URL at all", { endpoint: { url: "localhost" } }],
    ["an unknown key", { seed: 3 }],
    ["an unknown kind", { kind: "oracle" }],
    ["a negative rate", { builtin: { tokensPerSecond: -1 } }],
    ["a variable's name that is none", { endpoint: { url: "http://x/v1", apiKeyEnv: "my key" } }],
  ])("refuses %s", (_what, config) => {
    expect(BrainConfig.safeParse(config).success).toBe(false);
  });
});
