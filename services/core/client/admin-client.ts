import { AppError, fromWireError } from "#contracts/errors";
import { parseJsonWith, parseWith, type Parsed } from "#contracts/parse";
import {
  adminCalls,
  AdminServerMessage,
  type AdminCallName,
  type AdminClientMessage,
  type AdminRequest,
  type AdminResponse,
} from "#contracts/protocol/admin";
import { CloseCode, START_TIMEOUT_MS } from "#contracts/protocol/limits";
import { createDeferred, type Deferred } from "../lifecycle/deferred";
import type { Disposable } from "../lifecycle/disposable";
import type { Clock } from "../ports/clock";
import type { ClientTransport, TransportConnector } from "./client-transport";
import { finalCloseError } from "./close-reason";

/** What snapshots there are to watch. */
export type AdminTopic = "fleet" | "redis";
export type AdminSnapshot = Extract<AdminServerMessage, { type: AdminTopic }>;

export type AdminConnectionState =
  | { type: "idle" }
  | { type: "connecting" }
  | { type: "open" }
  /** The connection dropped, or never opened; it is tried again with back-off until it opens or `close` is called. */
  | { type: "reconnecting"; attempt: number; error: AppError }
  /** For good. `error` is absent after `close`. */
  | { type: "ended"; error: AppError | undefined };

export interface AdminClientDeps {
  /** Opens connections that ask for the subprotocol `ADMIN_PROTOCOL_NAME`. */
  connect: TransportConnector;
  clock: Clock;
}

const FIRST_RECONNECT_DELAY_MS = 250;
const MAX_RECONNECT_DELAY_MS = 4_000;
/** A call that is made before the connection is open waits for it this long. */
const CONNECTION_WAIT_MS = 5_000;
/** Longer than the longest call takes at the orchestrator (a language model that is tried out). */
const CALL_TIMEOUT_MS = 20_000;
const MAX_PENDING_CALLS = 64;

interface PendingCall {
  parse(value: unknown): Parsed<unknown>;
  answered: Deferred<unknown>;
  message: AdminClientMessage;
  isSent: boolean;
  timer: Disposable;
}

interface Watcher {
  topics: readonly AdminTopic[];
  listener: (snapshot: AdminSnapshot) => void;
}

/**
 * The client's side of `parley.admin.v1`, the same for the page, the desktop app and the command line. Comes back by
 * itself after a drop and goes on watching; only a refusal for good ends it.
 */
export class AdminClient {
  readonly #deps: AdminClientDeps;
  readonly #stateListeners = new Set<(state: AdminConnectionState) => void>();
  readonly #watchers = new Set<Watcher>();
  readonly #latest = new Map<AdminTopic, AdminSnapshot>();
  readonly #calls = new Map<number, PendingCall>();
  #state: AdminConnectionState = { type: "idle" };
  #token: string | undefined;
  #transport: ClientTransport | undefined;
  #lastError: AppError | undefined;
  #timer: Disposable | undefined;
  #lastRequestId = 0;
  #watchedTopics = "";

  constructor(deps: AdminClientDeps) {
    this.#deps = deps;
  }

  get connection(): AdminConnectionState {
    return this.#state;
  }

  subscribe(listener: (state: AdminConnectionState) => void): Disposable {
    this.#stateListeners.add(listener);
    return { dispose: () => void this.#stateListeners.delete(listener) };
  }

  /** Connects, and stays connected until `close`. The state tells how it goes. Throws `already-started`. */
  start(options: { token?: string } = {}): void {
    if (this.#state.type !== "idle") throw new AppError("already-started");
    this.#token = options.token;
    this.#setState({ type: "connecting" });
    this.#open();
  }

  /**
   * Asks the orchestrator. Rejects with the code by which it refused, or with `connect-failed` when there is no
   * connection within 5 s, when it drops before the answer, or when the answer takes longer than 20 s.
   */
  async call<Name extends AdminCallName>(name: Name, request: AdminRequest<Name>): Promise<AdminResponse<Name>> {
    if (this.#state.type === "ended") throw this.#state.error ?? new AppError("cancelled");
    if (this.#calls.size >= MAX_PENDING_CALLS) throw new AppError("rate-limited");
    const requestId = ++this.#lastRequestId;
    const call: PendingCall = {
      parse: (value) => parseWith<unknown>(adminCalls[name].response, value),
      answered: createDeferred<unknown>(),
      message: { type: "call", requestId, name, request },
      isSent: false,
      timer: this.#failLater(requestId, CONNECTION_WAIT_MS),
    };
    this.#calls.set(requestId, call);
    this.#sendCall(requestId, call);
    // The schema was picked by the call's own name, which the compiler cannot follow through the lookup.
    return (await call.answered.promise) as AdminResponse<Name>;
  }

  /** Snapshots of the topics, the last known one at once, then every 2 s while the connection is open. */
  watch(topics: readonly AdminTopic[], listener: (snapshot: AdminSnapshot) => void): Disposable {
    const watcher: Watcher = { topics, listener };
    this.#watchers.add(watcher);
    for (const topic of topics) {
      const latest = this.#latest.get(topic);
      if (latest !== undefined) listener(latest);
    }
    this.#sendWatch();
    return {
      dispose: () => {
        if (this.#watchers.delete(watcher)) this.#sendWatch();
      },
    };
  }

  /** Ends the connection and every call that waits, with `cancelled`. */
  close(): void {
    this.#end(undefined);
  }

  #open(): void {
    this.#lastError = undefined;
    this.#watchedTopics = "";
    const isCurrent = (): boolean => this.#transport === transport;
    const transport = this.#deps.connect({
      onOpen: () => {
        if (isCurrent()) this.#send({ type: "admin-start", token: this.#token });
      },
      onMessage: (data) => {
        if (isCurrent()) this.#receive(data);
      },
      onClose: ({ code }) => {
        if (isCurrent()) this.#closed(code);
      },
    });
    this.#transport = transport;
    this.#setTimer(START_TIMEOUT_MS, () => {
      transport.close(CloseCode.normal);
      if (isCurrent()) this.#dropped();
    });
  }

  #receive(data: string | Uint8Array): void {
    const parsed = typeof data === "string" ? parseJsonWith(AdminServerMessage, data) : undefined;
    // A newer orchestrator may send what this client does not know yet.
    if (parsed?.ok !== true) return;
    const message = parsed.value;
    if (message.type === "admin-started") return this.#begin();
    if (message.type === "error") this.#lastError = fromWireError(message.error);
    else if (message.type === "reply") this.#reply(message.requestId, message.value);
    else if (message.type === "reply-failed") this.#fail(message.requestId, fromWireError(message.error));
    else this.#show(message);
  }

  #begin(): void {
    this.#timer?.dispose();
    this.#setState({ type: "open" });
    this.#sendWatch();
    for (const [requestId, call] of this.#calls) this.#sendCall(requestId, call);
  }

  #show(snapshot: AdminSnapshot): void {
    this.#latest.set(snapshot.type, snapshot);
    for (const watcher of [...this.#watchers]) if (watcher.topics.includes(snapshot.type)) watcher.listener(snapshot);
  }

  #reply(requestId: number, value: unknown): void {
    const call = this.#calls.get(requestId);
    if (call === undefined) return;
    const parsed = call.parse(value);
    if (!parsed.ok) return this.#fail(requestId, new AppError("bad-message", { detail: parsed.issues }));
    this.#forget(requestId, call);
    call.answered.resolve(parsed.value);
  }

  #fail(requestId: number, error: AppError): void {
    const call = this.#calls.get(requestId);
    if (call === undefined) return;
    this.#forget(requestId, call);
    call.answered.reject(error);
  }

  #forget(requestId: number, call: PendingCall): void {
    call.timer.dispose();
    this.#calls.delete(requestId);
  }

  #failLater(requestId: number, delayMs: number): Disposable {
    const fail = (): void => this.#fail(requestId, new AppError("connect-failed", { detail: "no answer in time" }));
    return this.#deps.clock.setTimer(delayMs, fail);
  }

  #sendCall(requestId: number, call: PendingCall): void {
    if (this.#state.type !== "open" || call.isSent) return;
    call.isSent = true;
    call.timer.dispose();
    call.timer = this.#failLater(requestId, CALL_TIMEOUT_MS);
    this.#send(call.message);
  }

  #sendWatch(): void {
    const watched = new Set([...this.#watchers].flatMap((watcher) => watcher.topics));
    for (const topic of [...this.#latest.keys()]) if (!watched.has(topic)) this.#latest.delete(topic);
    const topics = [...watched].sort();
    if (this.#state.type !== "open" || topics.join() === this.#watchedTopics) return;
    this.#watchedTopics = topics.join();
    this.#send({ type: "watch", topics });
  }

  #closed(code: number): void {
    this.#transport = undefined;
    const final = finalCloseError(code, this.#lastError);
    // Too much of anything passes by itself; all else would be refused again.
    if (final !== undefined && !final.retryable) return this.#end(final);
    this.#dropped(final);
  }

  #dropped(reason: AppError | undefined = this.#lastError): void {
    this.#transport = undefined;
    const error = reason ?? new AppError("connect-failed");
    for (const [requestId, call] of [...this.#calls]) if (call.isSent) this.#fail(requestId, error);
    const attempt = this.#state.type === "reconnecting" ? this.#state.attempt + 1 : 1;
    this.#setState({ type: "reconnecting", attempt, error });
    this.#setTimer(Math.min(MAX_RECONNECT_DELAY_MS, FIRST_RECONNECT_DELAY_MS * 2 ** (attempt - 1)), () => this.#open());
  }

  #end(error: AppError | undefined): void {
    if (this.#state.type === "ended") return;
    this.#timer?.dispose();
    const transport = this.#transport;
    this.#transport = undefined;
    transport?.close(CloseCode.normal);
    for (const requestId of [...this.#calls.keys()]) this.#fail(requestId, error ?? new AppError("cancelled"));
    this.#setState({ type: "ended", error });
  }

  #send(message: AdminClientMessage): void {
    this.#transport?.send(JSON.stringify(message));
  }

  #setTimer(delayMs: number, callback: () => void): void {
    this.#timer?.dispose();
    this.#timer = this.#deps.clock.setTimer(delayMs, callback);
  }

  #setState(state: AdminConnectionState): void {
    this.#state = state;
    for (const listener of [...this.#stateListeners]) listener(state);
  }
}
