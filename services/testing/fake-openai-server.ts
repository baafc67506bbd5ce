import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { setImmediate as nextTurn } from "node:timers/promises";

/** What the server does with the next chat request. */
export type FakeAnswer =
  | {
      type: "stream";
      deltas: readonly string[];
      finishReason?: string;
      /** Sent before the deltas, as thinking models do. */ reasoning?: readonly string[];
    }
  /** Answers with this status, and this Retry-After if given. */
  | { type: "status"; status: number; retryAfter?: string }
  /** Never answers. */
  | { type: "hang" }
  /** Sends the deltas, then nothing more, and keeps the connection open. */
  | { type: "hang-in-stream"; deltas: readonly string[] }
  /** Sends the deltas, then breaks the connection. */
  | { type: "close-in-stream"; deltas: readonly string[] }
  /** Sends the deltas, then ends the response properly, but without saying that the answer is complete. */
  | { type: "end-early"; deltas: readonly string[] }
  /** Breaks the connection before any answer. */
  | { type: "reset" }
  /** Sends the deltas, then events that are not JSON or not chat chunks. */
  | { type: "rubbish-in-stream"; deltas: readonly string[]; rubbish: string }
  /** 200 and a page of HTML. */
  | { type: "html" }
  /** Sends the deltas, then an error event, as servers do whose model fails while it writes. */
  | { type: "error-in-stream"; deltas: readonly string[] };

export interface FakeOpenAiServer {
  /** `http://127.0.0.1:<port>/v1`. */
  readonly baseUrl: string;
  /** Bodies of all chat requests so far. */
  readonly chatBodies: readonly Record<string, unknown>[];
  /** `Authorization` of all requests so far. */
  readonly authorizations: readonly (string | undefined)[];
  /** Requests to /v1/models so far. */
  readonly modelListCount: number;
  /** Chat responses whose connection is still open. */
  readonly openCount: number;
  /** The next chat requests get these answers, in order; the last one repeats. */
  answer(...answers: FakeAnswer[]): void;
  /** How /v1/models answers: ids, a status, "hang", or any JSON value. */
  listModels(models: readonly string[] | { status: number } | "hang" | { json: unknown }): void;
  /** Resolves when `count` chat requests have arrived in all. */
  chatArrived(count: number): Promise<void>;
  /** Resolves when no chat response is open any more. */
  allClosed(): Promise<void>;
  close(): Promise<void>;
}

type ModelList = Parameters<FakeOpenAiServer["listModels"]>[0];

function sendDelta(response: ServerResponse, delta: Record<string, unknown>, finishReason: string | null = null): void {
  const chunk = {
    id: "chat-1",
    object: "chat.completion.chunk",
    created: 1,
    model: "fake",
    choices: [{ index: 0, delta, finish_reason: finishReason }],
  };
  response.write(`data: ${JSON.stringify(chunk)}\n\n`);
}

function startStream(response: ServerResponse, deltas: readonly string[]): void {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.flushHeaders();
  for (const content of deltas) sendDelta(response, { role: "assistant", content });
}

function sendJson(response: ServerResponse, status: number, body: unknown, headers: Record<string, string> = {}): void {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

async function sendAnswer(response: ServerResponse, answer: FakeAnswer): Promise<void> {
  switch (answer.type) {
    case "hang":
      return;
    case "reset":
      response.destroy();
      return;
    case "status":
      sendJson(
        response,
        answer.status,
        { error: { message: "no", type: "fake" } },
        answer.retryAfter === undefined ? {} : { "retry-after": answer.retryAfter },
      );
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" });
      response.end("<html><body>It works!</body></html>");
      return;
    case "stream":
      startStream(response, []);
      for (const content of answer.reasoning ?? []) sendDelta(response, { reasoning_content: content });
      for (const content of answer.deltas) sendDelta(response, { role: "assistant", content });
      sendDelta(response, {}, answer.finishReason ?? "stop");
      response.end("data: [DONE]\n\n");
      return;
    case "hang-in-stream":
      startStream(response, answer.deltas);
      return;
    case "end-early":
      startStream(response, answer.deltas);
      response.end();
      return;
    case "rubbish-in-stream":
      startStream(response, answer.deltas);
      response.end(`data: ${answer.rubbish}\n\ndata: [DONE]\n\n`);
      return;
    case "error-in-stream":
      startStream(response, answer.deltas);
      response.end(`data: ${JSON.stringify({ error: { message: "out of memory", type: "server_error" } })}\n\n`);
      return;
    case "close-in-stream":
      startStream(response, answer.deltas);
      // What was written reaches the client before the connection breaks.
      await nextTurn();
      response.destroy();
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString("utf8");
}

/** A real HTTP server on a loopback port that speaks the OpenAI API as far as Parley uses it, and fails on demand. */
export async function startFakeOpenAiServer(): Promise<FakeOpenAiServer> {
  const chatBodies: Record<string, unknown>[] = [];
  const authorizations: (string | undefined)[] = [];
  const watchers = new Set<() => void>();
  const changed = (): void => watchers.forEach((watcher) => watcher());
  let answers: FakeAnswer[] = [{ type: "stream", deltas: ["Hello", " there", "."] }];
  let models: ModelList = ["fake-model"];
  let modelListCount = 0;
  let openCount = 0;

  const until = (isTrue: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const check = (): void => {
        if (!isTrue()) return;
        watchers.delete(check);
        resolve();
      };
      watchers.add(check);
      check();
    });

  function sendModels(response: ServerResponse): void {
    modelListCount++;
    if (models === "hang") return;
    if ("status" in models) return sendJson(response, models.status, { error: { message: "no" } });
    if ("json" in models) return sendJson(response, 200, models.json);
    sendJson(response, 200, { object: "list", data: models.map((id) => ({ id, object: "model", owned_by: "fake" })) });
  }

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    authorizations.push(request.headers.authorization);
    if (request.url === "/v1/models") return sendModels(response);
    if (request.url !== "/v1/chat/completions" || request.method !== "POST")
      return sendJson(response, 404, { error: { message: "no such path" } });
    openCount++;
    response.once("close", () => {
      openCount--;
      changed();
    });
    chatBodies.push(JSON.parse(await readBody(request)) as Record<string, unknown>);
    changed();
    const [answer, ...rest] = answers;
    if (rest.length > 0) answers = rest;
    if (answer !== undefined) await sendAnswer(response, answer);
  }

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;

  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    chatBodies,
    authorizations,
    get modelListCount() {
      return modelListCount;
    },
    get openCount() {
      return openCount;
    },
    answer: (...next) => void (answers = next),
    listModels: (next) => void (models = next),
    chatArrived: (count) => until(() => chatBodies.length >= count),
    allClosed: () => until(() => openCount === 0),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
