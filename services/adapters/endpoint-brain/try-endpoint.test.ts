import { afterEach, beforeEach, expect, it } from "vitest";
import { silentLogger } from "#core/ports/logger";
import { FakeClock } from "#testing/fake-clock";
import { startFakeOpenAiServer, type FakeOpenAiServer } from "#testing/fake-openai-server";
import { tryEndpoint } from "./try-endpoint";

let server: FakeOpenAiServer;
let clock: FakeClock;
beforeEach(async () => {
  server = await startFakeOpenAiServer();
  clock = new FakeClock();
});
afterEach(() => server.close());

const attempt = (model?: string, apiKey?: string) =>
  tryEndpoint({ baseUrl: server.baseUrl, apiKey, model, systemPrompt: "", clock, log: silentLogger, fetch });

it("tells the models and how long the first token took, as a conversation would ask", async () => {
  server.listModels(["nomic-embed-text", "llama3.2", "qwen3"]);
  server.answer({ type: "stream", deltas: ["Hello", "."] });
  expect(await attempt(undefined, "sk-1")).toEqual({ models: ["llama3.2", "qwen3"], firstTokenMs: 0 });
  expect(server.chatBodies[0]).toMatchObject({ model: "llama3.2", stream: true });
  expect(server.authorizations).toEqual(["Bearer sk-1", "Bearer sk-1"]);
  await server.allClosed();
});

it("a server without a list of models is tried with the model that is named", async () => {
  server.listModels({ status: 501 });
  server.answer({ type: "stream", deltas: ["Hello"] });
  expect(await attempt("mine")).toEqual({ models: [], firstTokenMs: 0 });
});

it.each([
  [{ status: 401 }, "brain-unauthorized"],
  [{ status: 404 }, "brain-not-found"],
  [["nomic-embed-text"], "brain-not-found"],
] as const)("what it refuses is told by code: %j", async (models, code) => {
  server.listModels(models);
  await expect(attempt()).rejects.toMatchObject({ code });
});

it("a model that is not there is told by code", async () => {
  server.listModels(["llama3.2"]);
  server.answer({ type: "status", status: 404 });
  await expect(attempt("other")).rejects.toMatchObject({ code: "brain-not-found" });
});

it("an endpoint that never answers is told in time", async () => {
  server.listModels("hang");
  const asked = attempt();
  asked.catch(() => undefined);
  await expect.poll(() => server.modelListCount).toBe(1);
  clock.advanceMs(5_000);
  await expect(asked).rejects.toMatchObject({ code: "brain-timeout" });
});

it("a model that says nothing in time is listed all the same", async () => {
  server.listModels(["llama3.2"]);
  server.answer({ type: "hang" });
  const asked = attempt();
  await server.chatArrived(1);
  clock.advanceMs(12_000);
  expect(await asked).toEqual({ models: ["llama3.2"] });
});
