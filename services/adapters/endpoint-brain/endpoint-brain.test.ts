import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { AppError, type ErrorCode } from "#contracts/errors";
import type { BrainMessage } from "#core/ports/brain";
import { silentLogger } from "#core/ports/logger";
import { describeBrainContract } from "#testing/brain.contract";
import { FakeClock } from "#testing/fake-clock";
import { startFakeOpenAiServer, type FakeAnswer, type FakeOpenAiServer } from "#testing/fake-openai-server";
import { createEndpointBrain, type EndpointBrainOptions } from "./endpoint-brain";

let server: FakeOpenAiServer;
let clock: FakeClock;
beforeEach(async () => {
  server = await startFakeOpenAiServer();
  clock = new FakeClock();
});
afterEach(() => server.close());

const question: readonly BrainMessage[] = [{ role: "user", text: "Why is the sky blue?" }];
const makeBrain = (options: Partial<EndpointBrainOptions> = {}): ReturnType<typeof createEndpointBrain> =>
  createEndpointBrain({
    baseUrl: server.baseUrl,
    model: "fake-model",
    systemPrompt: "Be brief.",
    clock,
    log: silentLogger,
    ...options,
  });

interface Outcome {
  text: string;
  error: unknown;
}

async function ask(
  brain = makeBrain(),
  options: { history?: readonly BrainMessage[]; signal?: AbortSignal; onDelta?: (delta: string) => void } = {},
): Promise<Outcome> {
  let text = "";
  try {
    const signal = options.signal ?? new AbortController().signal;
    for await (const delta of brain.respond({ history: options.history ?? question, sessionId: "session-1", signal })) {
      text += delta;
      options.onDelta?.(delta);
    }
    return { text, error: undefined };
  } catch (error) {
    return { text, error };
  }
}

function expectFailure(outcome: Outcome, expected: { code: ErrorCode; text?: string }): AppError {
  expect(outcome.text).toBe(expected.text ?? "");
  expect(outcome.error).toBeInstanceOf(AppError);
  expect(outcome.error).toMatchObject({ code: expected.code });
  return outcome.error as AppError;
}

describeBrainContract("endpoint", async () => {
  const good = await startFakeOpenAiServer();
  const bad = await startFakeOpenAiServer();
  bad.answer({ type: "close-in-stream", deltas: ["Well", ","] });
  const contractClock = new FakeClock();
  const options = { model: "fake-model", systemPrompt: "", clock: contractClock, log: silentLogger };
  return {
    brain: createEndpointBrain({ ...options, baseUrl: good.baseUrl }),
    failing: {
      brain: createEndpointBrain({ ...options, baseUrl: bad.baseUrl }),
      code: "brain-interrupted",
      deltaCount: 2,
    },
    isIdle: async () => {
      await good.allClosed();
      await bad.allClosed();
      return contractClock.pendingCount === 0;
    },
    close: async () => {
      await good.close();
      await bad.close();
    },
  };
});

describe("what goes to the endpoint", () => {
  it("is the system prompt, the history and the model, as a stream, with the key", async () => {
    const history: BrainMessage[] = [
      { role: "user", text: "Hi" },
      { role: "agent", text: "Hello." },
      { role: "user", text: "Why?" },
    ];
    expect(await ask(makeBrain({ apiKey: "key-1" }), { history })).toEqual({ text: "Hello there.", error: undefined });
    expect(server.authorizations).toEqual(["Bearer key-1"]);
    expect(server.chatBodies[0]).toMatchObject({
      model: "fake-model",
      stream: true,
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Hi" },
        { role: "assistant", content: "Hello." },
        { role: "user", content: "Why?" },
      ],
    });
  });
  it("has no Authorization header without a key", async () => {
    await ask();
    expect(server.authorizations).toEqual([undefined]);
  });
  it("names the first chat model that the endpoint lists when none is configured, and asks for it once", async () => {
    server.listModels(["nomic-embed-text:latest", "llama3.2:latest", "qwen3"]);
    const brain = makeBrain({ model: undefined });
    await ask(brain);
    await ask(brain);
    expect(server.chatBodies.map((body) => body.model)).toEqual(["llama3.2:latest", "llama3.2:latest"]);
    expect(server.modelListCount).toBe(1);
    expect(brain.info.label).toMatch(/^127\.0\.0\.1:\d+: llama3\.2:latest$/);
  });
});

describe("what comes back", () => {
  it.each([
    [
      "as text from the <think> tags of a model",
      { type: "stream", deltas: ["<thi", "nk>The user", " asks.</think>", "Because", " it is."] },
    ],
    ["beside the text", { type: "stream", reasoning: ["The user", " asks."], deltas: ["Because", " it is."] }],
  ] satisfies [string, FakeAnswer][])("never speaks the thinking that comes %s", async (_where, answer) => {
    server.answer(answer);
    expect((await ask()).text.trim()).toBe("Because it is.");
  });
  it("an answer cut by the model's own limit is an answer", async () => {
    server.answer({ type: "stream", deltas: ["One", " two"], finishReason: "length" });
    expect(await ask()).toEqual({ text: "One two", error: undefined });
  });
});

describe("failures", () => {
  it.each<[what: string, answer: FakeAnswer, code: ErrorCode, text: string]>([
    ["401", { type: "status", status: 401 }, "brain-unauthorized", ""],
    ["403", { type: "status", status: 403 }, "brain-unauthorized", ""],
    ["404", { type: "status", status: 404 }, "brain-not-found", ""],
    ["429", { type: "status", status: 429 }, "brain-rate-limited", ""],
    ["400", { type: "status", status: 400 }, "brain-failed", ""],
    ["500", { type: "status", status: 500 }, "brain-failed", ""],
    ["503", { type: "status", status: 503 }, "brain-failed", ""],
    ["504", { type: "status", status: 504 }, "brain-timeout", ""],
    ["a page of HTML", { type: "html" }, "brain-failed", ""],
    ["an empty answer", { type: "stream", deltas: [] }, "brain-failed", ""],
    ["rubbish at once", { type: "rubbish-in-stream", deltas: [], rubbish: "{not json" }, "brain-failed", ""],
    [
      "rubbish behind text",
      { type: "rubbish-in-stream", deltas: ["It", " is"], rubbish: "{not json" },
      "brain-interrupted",
      "It is",
    ],
    [
      "JSON of another shape behind text",
      { type: "rubbish-in-stream", deltas: ["It"], rubbish: '{"choices":7}' },
      "brain-interrupted",
      "It",
    ],
    ["an error event at once", { type: "error-in-stream", deltas: [] }, "brain-failed", ""],
    ["an error event behind text", { type: "error-in-stream", deltas: ["It"] }, "brain-interrupted", "It"],
    [
      "a connection closed behind text",
      { type: "close-in-stream", deltas: ["It", " is"] },
      "brain-interrupted",
      "It is",
    ],
    [
      "an end behind text that does not say it is complete",
      { type: "end-early", deltas: ["It", " is"] },
      "brain-interrupted",
      "It is",
    ],
    ["an end at once", { type: "end-early", deltas: [] }, "brain-failed", ""],
  ])("%s", async (_what, answer, code, text) => {
    server.answer(answer);
    expectFailure(await ask(), { code, text });
    expect(server.chatBodies, "not asked twice").toHaveLength(1);
    expect(clock.pendingCount).toBe(0);
    server.answer({ type: "stream", deltas: ["Better", " now"] });
    expect(await ask(), "the next answer is not affected").toEqual({ text: "Better now", error: undefined });
  });

  it("429 tells how long to wait, from seconds or a date", async () => {
    server.answer({ type: "status", status: 429, retryAfter: "20" });
    expect(expectFailure(await ask(), { code: "brain-rate-limited" }).message).toContain("again in 20 s");
    server.answer({
      type: "status",
      status: 429,
      retryAfter: new Date(clock.wallTime().getTime() + 90_000).toUTCString(),
    });
    expect(expectFailure(await ask(), { code: "brain-rate-limited" }).message).toContain("again in 90 s");
    server.answer({ type: "status", status: 429, retryAfter: "soon" });
    expect(expectFailure(await ask(), { code: "brain-rate-limited" }).message).toContain("HTTP status 429)");
  });
  it("nothing listens at the address", async () => {
    const gone = await startFakeOpenAiServer();
    await gone.close();
    expectFailure(await ask(makeBrain({ baseUrl: gone.baseUrl })), { code: "brain-not-found" });
    expectFailure(await ask(makeBrain({ baseUrl: gone.baseUrl, model: undefined })), { code: "brain-not-found" });
  });
  it("the list of models is refused, or has no chat model", async () => {
    server.listModels({ status: 401 });
    expectFailure(await ask(makeBrain({ model: undefined })), { code: "brain-unauthorized" });
    server.listModels(["nomic-embed-text"]);
    expectFailure(await ask(makeBrain({ model: undefined })), { code: "brain-not-found" });
    expect(server.chatBodies).toEqual([]);
  });
  it("a kept connection that turns out to be closed is replaced once, without a word", async () => {
    server.answer({ type: "reset" }, { type: "stream", deltas: ["Here"] });
    expect(await ask()).toEqual({ text: "Here", error: undefined });
    server.answer({ type: "reset" });
    expectFailure(await ask(), { code: "brain-failed" });
    expect(server.chatBodies).toHaveLength(4);
  });
  it("hangs: brain-timeout after the first-token limit, and the socket is closed", async () => {
    server.answer({ type: "hang" });
    const asking = ask(makeBrain({ firstTokenTimeoutMs: 15_000 }));
    await server.chatArrived(1);
    clock.advanceMs(14_999);
    expect(server.openCount).toBe(1);
    clock.advanceMs(1);
    expectFailure(await asking, { code: "brain-timeout" });
    await server.allClosed();
    expect(clock.pendingCount).toBe(0);
  });
  it("hangs on the list of models: brain-timeout", async () => {
    server.listModels("hang");
    const asking = ask(makeBrain({ model: undefined, firstTokenTimeoutMs: 300 }));
    clock.advanceMs(300);
    expectFailure(await asking, { code: "brain-timeout" });
  });
  it("hangs in mid-stream: brain-interrupted after the stall limit, behind what had come", async () => {
    server.answer({ type: "hang-in-stream", deltas: ["It", " is"] });
    const heard: string[] = [];
    const asking = ask(makeBrain({ stallTimeoutMs: 10_000 }), {
      onDelta: (delta) => {
        heard.push(delta);
        // The limit starts when the reader comes back for more.
        if (heard.length === 2) setImmediate(() => clock.advanceMs(10_000));
      },
    });
    expectFailure(await asking, { code: "brain-interrupted", text: "It is" });
    await server.allClosed();
    expect(clock.pendingCount).toBe(0);
  });
  it("a slow reader is no stall", async () => {
    server.answer({ type: "stream", deltas: ["It", " is", " so"] });
    expect(await ask(makeBrain(), { onDelta: () => clock.advanceMs(60_000) })).toEqual({
      text: "It is so",
      error: undefined,
    });
  });
});

describe("an abort", () => {
  it("closes the socket of a request that hangs", async () => {
    server.answer({ type: "hang" });
    const abort = new AbortController();
    const asking = ask(makeBrain(), { signal: abort.signal });
    await server.chatArrived(1);
    abort.abort();
    expectFailure(await asking, { code: "cancelled" });
    await server.allClosed();
    expect(clock.pendingCount).toBe(0);
  });
  it("closes the socket of an answer in mid-stream", async () => {
    server.answer({ type: "hang-in-stream", deltas: ["It", " is"] });
    const abort = new AbortController();
    const outcome = await ask(makeBrain(), { signal: abort.signal, onDelta: () => abort.abort() });
    expectFailure(outcome, { code: "cancelled", text: "It" });
    await server.allClosed();
  });
});
