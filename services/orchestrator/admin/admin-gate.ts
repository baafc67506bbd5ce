import { AppError, toWireError, type ErrorCode } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { AdminCallHead, AdminClientMessage, type AdminServerMessage } from "#contracts/protocol/admin";
import { CloseCode, MAX_MESSAGES_PER_SECOND, START_TIMEOUT_MS } from "#contracts/protocol/limits";
import { assertNever } from "#core/lifecycle/assert-never";
import type { Disposable } from "#core/lifecycle/disposable";
import type { ClientConnection } from "#core/ports/client-connection";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { Metrics } from "#core/ports/metrics";
import { RateLimiter } from "#core/limits/rate-limiter";
import { refusalOf, TOKEN_CLOSES, type TokenDoor } from "../token-check";
import { runAdminCall, type AdminCalls } from "./admin-calls";
import type { AdminFeed } from "./admin-feed";

/** A client that keeps sending what is refused is disconnected. */
const MAX_REFUSALS = 20;
const MAX_RUNNING_CALLS = 8;
/** Snapshots are left out for a client that has this much still to read: the next one says more. */
const MAX_SNAPSHOT_BACKLOG_BYTES = 1024 * 1024;
/** With this much unread it is not reading at all: a fleet of 1,000 workers is half a MiB. */
const MAX_BACKLOG_BYTES = 16 * 1024 * 1024;

export interface AdminGateDeps extends TokenDoor {
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  feed: AdminFeed;
  calls: AdminCalls;
}

/** Serves one `parley.admin.v1` connection: checks everything that comes in and keeps the limits. */
export class AdminGate {
  readonly #deps: AdminGateDeps;
  readonly #connection: ClientConnection;
  readonly #limiter: RateLimiter;
  readonly #startTimer: Disposable;
  #watching: Disposable | undefined;
  #isStarted = false;
  #isClosed = false;
  #runningCallCount = 0;
  #refusalCount = 0;

  constructor(deps: AdminGateDeps, connection: ClientConnection) {
    this.#deps = deps;
    this.#connection = connection;
    this.#limiter = new RateLimiter({ perSecond: MAX_MESSAGES_PER_SECOND, nowMs: deps.clock.nowMs() });
    this.#startTimer = deps.clock.setTimer(START_TIMEOUT_MS, () => this.refuse("idle-timeout", CloseCode.idle));
    connection.onMessage((data) => this.#receive(data));
    connection.onClose(() => this.#leave());
  }

  /** Ends the connection with words. */
  refuse(code: ErrorCode, closeCode: number): void {
    if (this.#isClosed) return;
    this.#send({ type: "error", error: toWireError(new AppError(code)) });
    this.#deps.metrics.count("parley_refused_connections_total");
    this.#leave();
    this.#connection.close(closeCode, code);
  }

  #receive(data: string | Uint8Array): void {
    if (this.#isClosed) return;
    if (!this.#limiter.take(this.#deps.clock.nowMs())) return this.refuse("rate-limited", CloseCode.rateLimited);
    if (typeof data !== "string") return this.#answerBad(new AppError("bad-message", { detail: "text is expected" }));
    const parsed = parseJsonWith(AdminClientMessage, data);
    if (!parsed.ok) {
      const head = parseJsonWith(AdminCallHead, data);
      const error = new AppError("bad-message", { detail: parsed.issues });
      return this.#answerBad(error, head.ok && this.#isStarted ? head.value.requestId : undefined);
    }
    this.#handle(parsed.value);
  }

  #handle(message: AdminClientMessage): void {
    if (message.type === "admin-start") return this.#start(message.token);
    if (!this.#isStarted) return this.#answerBad(new AppError("not-started"));
    switch (message.type) {
      case "watch":
        return this.#watch(message.topics);
      case "call":
        return void this.#call(message);
      default:
        return assertNever(message);
    }
  }

  #start(given: string | undefined): void {
    if (this.#isStarted) return this.#answerBad(new AppError("already-started"));
    const refusal = refusalOf(this.#deps, given, this.#connection.remoteAddress);
    if (refusal !== undefined) return this.refuse(refusal, TOKEN_CLOSES[refusal]);
    this.#startTimer.dispose();
    this.#isStarted = true;
    this.#send({ type: "admin-started" });
  }

  #watch(topics: readonly ("fleet" | "redis")[]): void {
    this.#watching?.dispose();
    this.#watching = undefined;
    if (topics.length === 0) return;
    this.#watching = this.#deps.feed.watch(topics, (text) => {
      if (this.#isClosed) return;
      const { bufferedBytes } = this.#connection;
      if (bufferedBytes > MAX_BACKLOG_BYTES) this.refuse("idle-timeout", CloseCode.idle);
      else if (bufferedBytes <= MAX_SNAPSHOT_BACKLOG_BYTES) this.#connection.send(text);
    });
  }

  async #call(call: AdminClientMessage & { type: "call" }): Promise<void> {
    const { requestId, name, request } = call;
    if (this.#runningCallCount >= MAX_RUNNING_CALLS) return this.#fail(requestId, new AppError("rate-limited"));
    this.#runningCallCount++;
    try {
      this.#send({ type: "reply", requestId, value: await runAdminCall(this.#deps.calls, name, request) });
    } catch (error) {
      if (!(error instanceof AppError)) this.#deps.log.error("admin call failed", { error, name });
      this.#fail(requestId, error);
    } finally {
      this.#runningCallCount--;
    }
  }

  #fail(requestId: number, error: unknown): void {
    this.#send({ type: "reply-failed", requestId, error: toWireError(error) });
  }

  /** What is not the protocol. */
  #answerBad(error: AppError, requestId?: number): void {
    if (requestId === undefined) this.#send({ type: "error", error: toWireError(error) });
    else this.#fail(requestId, error);
    this.#deps.metrics.count("parley_errors_total");
    if (++this.#refusalCount >= MAX_REFUSALS) this.refuse("bad-message", CloseCode.badMessage);
  }

  #send(message: AdminServerMessage): void {
    if (this.#isClosed) return;
    this.#connection.send(JSON.stringify(message));
    if (this.#connection.bufferedBytes > MAX_BACKLOG_BYTES) {
      this.#leave();
      this.#connection.close(CloseCode.idle, "idle-timeout");
    }
  }

  #leave(): void {
    this.#isClosed = true;
    this.#startTimer.dispose();
    this.#watching?.dispose();
  }
}
