import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createDeferred } from "#core/lifecycle/deferred";
import { FakeClock } from "#testing/fake-clock";
import { startFakeOpenAiServer, type FakeOpenAiServer } from "#testing/fake-openai-server";
import { discoverEndpoint, localEndpoints, type EndpointCandidate, type FoundEndpoint } from "./discover-endpoint";

let servers: FakeOpenAiServer[];
let candidates: EndpointCandidate[];
beforeEach(async () => {
  servers = await Promise.all([startFakeOpenAiServer(), startFakeOpenAiServer()]);
  candidates = servers.map((server, index) => ({
    name: index === 0 ? "Ollama" : "LM Studio",
    baseUrl: server.baseUrl,
  }));
});
afterEach(async () => {
  await Promise.all(servers.map((server) => server.close()));
});

const discover = (clock = new FakeClock()): Promise<FoundEndpoint | undefined> =>
  discoverEndpoint({ fetch, clock, candidates });
const list = (index: number, models: Parameters<FakeOpenAiServer["listModels"]>[0]): void =>
  servers[index]?.listModels(models);

it("takes the first in order of preference, with its first chat model", async () => {
  list(0, ["mxbai-embed-large:latest", "llama3.2"]);
  list(1, ["qwen3"]);
  const clock = new FakeClock();
  expect(await discover(clock)).toEqual({
    baseUrl: candidates[0]?.baseUrl,
    model: "llama3.2",
    label: "Ollama: llama3.2",
  });
  expect(clock.pendingCount).toBe(0);
});
it("calls a model file by its name", async () => {
  list(0, ["/models/Qwen3-4B-Q4_K_M.gguf"]);
  expect(await discover()).toMatchObject({ model: "/models/Qwen3-4B-Q4_K_M.gguf", label: "Ollama: Qwen3-4B-Q4_K_M" });
});
describe("goes on to the next when the first", () => {
  it.each<[why: string, models: Parameters<FakeOpenAiServer["listModels"]>[0]]>([
    ["has no model", []],
    ["has only models that do not chat", ["nomic-embed-text", "bge-m3", "whisper-1", "text-embedding-3-small"]],
    ["answers with an error", { status: 500 }],
    ["wants a key", { status: 401 }],
    ["speaks another JSON, as Parley's own orchestrator may on port 8080", { json: { status: "ok" } }],
    ["lists something else", { json: { object: "list", data: [{ name: "x" }] } }],
  ])("%s", async (_why, models) => {
    list(0, models);
    list(1, ["qwen3"]);
    expect(await discover()).toMatchObject({ label: "LM Studio: qwen3" });
  });
});
it("waits for nobody longer than the timeout", async () => {
  list(0, "hang");
  list(1, ["qwen3"]);
  const clock = new FakeClock();
  const answered = createDeferred<void>();
  const watchedFetch: typeof fetch = async (...request) => {
    const response = await fetch(...request);
    const body = await response.text();
    answered.resolve();
    return new Response(body);
  };
  const finding = discoverEndpoint({ fetch: watchedFetch, clock, candidates });
  await answered.promise;
  clock.advanceMs(300);
  expect(await finding).toMatchObject({ label: "LM Studio: qwen3" });
});
it("finds nothing where nothing listens", async () => {
  await Promise.all(servers.map((server) => server.close()));
  expect(await discover()).toBeUndefined();
});
it("finds nothing when everything hangs", async () => {
  list(0, "hang");
  list(1, "hang");
  const clock = new FakeClock();
  const finding = discover(clock);
  clock.advanceMs(300);
  expect(await finding).toBeUndefined();
});
it("asks the usual ports of this computer, and nothing beyond it", () => {
  expect(localEndpoints.map((candidate) => `${candidate.name} ${new URL(candidate.baseUrl).port}`)).toEqual([
    "Ollama 11434",
    "LM Studio 1234",
    "llama.cpp 8080",
    "vLLM 8000",
  ]);
  expect(localEndpoints.every((candidate) => new URL(candidate.baseUrl).hostname === "127.0.0.1")).toBe(true);
});
