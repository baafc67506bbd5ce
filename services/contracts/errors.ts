import { z } from "zod";

/**
 * Every failure that can reach a user or cross a process boundary.
 * `words` say what happened, `action` what to do about it; both are for the person, not for a log parser.
 * `retryable`: the same request may succeed later without a change by the user.
 */
const catalogue = {
  // wire and sessions
  "bad-message": {
    retryable: false,
    words: "The message is not valid JSON or does not follow the protocol.",
    action: "Compare it with docs/specs/protocol.md.",
  },
  "bad-frame": {
    retryable: false,
    words: "The audio frame has a wrong header or size.",
    action: "Send 10 to 20 ms of 16-bit mono PCM behind the 20-byte header.",
  },
  "not-started": { retryable: false, words: "The session has not been started.", action: "Send session-start first." },
  "already-started": {
    retryable: false,
    words: "The session is already started.",
    action: "Open a new connection for a new session.",
  },
  "unsupported-audio": {
    retryable: false,
    words: "This audio format is not supported.",
    action: "Use 16-bit mono PCM at 16, 44.1 or 48 kHz.",
  },
  "unauthorized": {
    retryable: false,
    words: "The token is missing or wrong.",
    action: "Use the token that the orchestrator printed at its start.",
  },
  "too-many-wrong-tokens": {
    retryable: true,
    words: "Too many wrong tokens came from this address.",
    action: "Wait a minute, then try the token that the orchestrator printed at its start.",
  },
  "forbidden-origin": {
    retryable: false,
    words: "This page may not talk to Parley.",
    action: "Open Parley at the address that it printed.",
  },
  "rate-limited": {
    retryable: true,
    words: "Too many messages in a short time.",
    action: "Send fewer messages each second.",
  },
  "message-too-large": {
    retryable: false,
    words: "The message is larger than 1 MiB.",
    action: "Send smaller messages.",
  },
  "text-too-long": {
    retryable: false,
    words: "The text is longer than 10,000 characters.",
    action: "Send it in parts.",
  },
  "text-empty": {
    retryable: false,
    words: "There is nothing to say in this text.",
    action: "Send text with words in it.",
  },
  "idle-timeout": {
    retryable: true,
    words: "Nothing was heard from the client for too long.",
    action: "Connect again.",
  },
  "at-capacity": {
    retryable: true,
    words: "All conversations that this orchestrator can hold are taken.",
    action: "Try again in a moment.",
  },
  "resume-failed": {
    retryable: false,
    words: "The earlier conversation can no longer be resumed.",
    action: "Start a new one.",
  },
  "resumed-elsewhere": {
    retryable: false,
    words: "The conversation goes on over another connection.",
    action: "Use that one, or start a new conversation here.",
  },
  "shutting-down": { retryable: true, words: "Parley is shutting down.", action: "Start it again." },
  "worker-only": {
    retryable: false,
    words: "This Parley is a worker for others and holds no conversations.",
    action: "Choose another mode in Settings, or with `parley settings set mode full`.",
  },
  // voice workers
  "no-worker": {
    retryable: true,
    words: "No voice worker is available.",
    action: "Start one with `parley worker`, or wait for one to come back.",
  },
  "worker-at-capacity": {
    retryable: true,
    words: "All voice workers are busy.",
    action: "Try again in a moment, or add a worker.",
  },
  "worker-lost": {
    retryable: true,
    words: "The voice worker stopped in the middle of a sentence.",
    action: "Ask again; another worker will answer.",
  },
  "worker-unreachable": {
    retryable: true,
    words: "The voice worker cannot be reached.",
    action: "See that it runs, and let it advertise an address that this computer reaches, with --advertise.",
  },
  "worker-refused": {
    retryable: true,
    words: "The voice worker refused the request.",
    action: "See the worker's log.",
  },
  "worker-unauthorized": {
    retryable: false,
    words: "The voice worker takes another token.",
    action: "Set the same PARLEY_TOKEN here and at the worker.",
  },
  "worker-untrusted": {
    retryable: false,
    words: "The certificate of the voice worker cannot be trusted.",
    action:
      "Name the file with the certificate of its authority (CA) in PARLEY_VOICE_WORKER_CA_FILE, and let the worker advertise the host name that its certificate is for.",
  },
  "worker-needs-tls": {
    retryable: false,
    words: "The voice worker speaks TLS, and its registration does not say so.",
    action: "Give the worker itself its certificate, with --tls-cert and --tls-key.",
  },
  "worker-without-tls": {
    retryable: false,
    words: "The voice worker does not speak TLS, although its registration says so.",
    action: "See whether another program answers at the worker's address.",
  },
  "stale-token": { retryable: true, words: "The lease on the voice worker is no longer valid.", action: "Ask again." },
  "unknown-voice": {
    retryable: false,
    words: "There is no such voice.",
    action: "List the voices with `parley models list`.",
  },
  "synthesis-failed": {
    retryable: true,
    words: "The text could not be spoken.",
    action: "Try another voice or a shorter text.",
  },
  // ears
  "ears-unavailable": {
    retryable: true,
    words: "Speech recognition is restarting.",
    action: "Say it again in a moment.",
  },
  "utterance-too-long": {
    retryable: false,
    words: "This was more than 25 seconds of speech without a pause.",
    action: "Say it in shorter parts.",
  },
  "model-missing": {
    retryable: false,
    words: "A speech model file is missing or damaged.",
    action: "Run `npm ci` again.",
  },
  "echo-canceller-missing": {
    retryable: false,
    words: "The echo canceller `apm` is not installed, or there is none for this computer.",
    action: "Run `npm ci` again, or choose `canceller: own` under `echo` in configs/orchestrator.yaml.",
  },
  // brain
  "brain-unauthorized": {
    retryable: false,
    words: "The language model refused the API key.",
    action: "Check the key of the brain endpoint.",
  },
  "brain-not-found": {
    retryable: false,
    words: "The language model or its endpoint was not found.",
    action: "Check the endpoint's URL and the model's name.",
  },
  "brain-rate-limited": {
    retryable: true,
    words: "The language model has had too many requests.",
    action: "Wait a moment and ask again.",
  },
  "brain-failed": {
    retryable: true,
    words: "The language model failed.",
    action: "Ask again; if it stays, see the endpoint's log.",
  },
  "brain-timeout": {
    retryable: true,
    words: "The language model did not answer in time.",
    action: "Ask again, or choose a faster model.",
  },
  "brain-interrupted": { retryable: true, words: "The language model's answer broke off.", action: "Ask again." },
  // redis and registry
  "redis-unreachable": {
    retryable: true,
    words: "The Redis server cannot be reached.",
    action: "Check REDIS_URL, and that the server runs.",
  },
  "redis-auth-failed": {
    retryable: false,
    words: "The Redis server refused the password.",
    action: "Check the password in REDIS_URL or REDIS_PASSWORD_FILE.",
  },
  "redis-auth-required": {
    retryable: false,
    words: "The Redis server asks for a password.",
    action: "Put it into REDIS_URL, or name a file in REDIS_PASSWORD_FILE.",
  },
  "redis-unknown-host": {
    retryable: true,
    words: "No computer of this name was found.",
    action: "Check the spelling of the Redis address, or use the IP address.",
  },
  "redis-no-route": {
    retryable: true,
    words: "There is no way from here to the Redis server.",
    action: "Check that both computers are in the same network, and look for a firewall or VPN between them.",
  },
  "redis-needs-tls": {
    retryable: false,
    words: "The Redis server speaks TLS only.",
    action: "Begin its address with rediss:// instead of redis://.",
  },
  "redis-without-tls": {
    retryable: false,
    words: "The Redis server does not speak TLS.",
    action: "Begin its address with redis:// instead of rediss://, or switch TLS on at the server.",
  },
  "redis-wants-certificate": {
    retryable: false,
    words: "The Redis server asks its clients for a certificate, and Parley has none.",
    action: "Set tls-auth-clients no at the server, and give Parley a user with a password instead.",
  },
  "redis-untrusted": {
    retryable: false,
    words: "The certificate of the Redis server cannot be trusted.",
    action:
      "Name the file with the certificate of its authority (CA), and use the host name that the certificate is for.",
  },
  "redis-protected": {
    retryable: false,
    words: "The Redis server is in protected mode and answers its own computer only.",
    action: "Set a password at the server (requirepass), and give it here.",
  },
  "redis-full": {
    retryable: true,
    words: "All connections of the Redis server are taken.",
    action: "Raise maxclients at the server, or end programs that use it.",
  },
  "redis-unsuitable": {
    retryable: false,
    words: "What answers at this address is not a Redis server that Parley can use.",
    action: "Use Redis or Valkey 6.2 or newer.",
  },
  "redis-denied": {
    retryable: false,
    words: "The Redis user may not do what Parley needs.",
    action: "Give it the rights that `parley redis acl` prints.",
  },
  "redis-read-only": {
    retryable: true,
    words: "The Redis server has become a read-only copy of another one.",
    action: "Wait for it to be made the master again, or give Parley the address of the new master.",
  },
  "redis-no-master": {
    retryable: true,
    words: "The Sentinels know no master of this name.",
    action: "Check the name in REDIS_SENTINEL_NAME, and that a master runs.",
  },
  "redis-not-available": {
    retryable: false,
    words: "There is no redis-server on this computer and none could be fetched.",
    action: "Install one (apt-get install redis-server), or set REDIS_URL.",
  },
  "registry-unavailable": { retryable: true, words: "The worker registry cannot be reached.", action: "Check Redis." },
  "unknown-worker": {
    retryable: false,
    words: "There is no worker of this name.",
    action: "List the workers with `parley workers list`.",
  },
  "worker-name-taken": {
    retryable: false,
    words: "Another live worker already has this name.",
    action: "Choose another name with --name.",
  },
  "lease-lost": { retryable: true, words: "The lease expired or was taken over.", action: "Ask again." },
  // files, configuration and start
  "bad-wav": {
    retryable: false,
    words: "This is not a WAV file that Parley can use.",
    action: "Use a 16-bit mono PCM WAV at 16, 44.1 or 48 kHz.",
  },
  "file-unreadable": {
    retryable: false,
    words: "The file cannot be read or written.",
    action: "Check the path and its permissions.",
  },
  "recording-failed": {
    retryable: false,
    words: "The conversation could not be recorded further.",
    action: "It goes on without. Check the space and the permissions of the recordings folder.",
  },
  "recording-running": {
    retryable: true,
    words: "This conversation is still being recorded.",
    action: "End it first.",
  },
  "unknown-conversation": {
    retryable: false,
    words: "There is no kept conversation of this name.",
    action: "List them with `parley history list`.",
  },
  "bad-config": { retryable: false, words: "The configuration is not valid.", action: "Correct the named key." },
  "unknown-setting": {
    retryable: false,
    words: "There is no setting of this name.",
    action: "List them with `parley settings`.",
  },
  "setting-fixed": {
    retryable: false,
    words: "This setting is fixed by the environment in which Parley was started.",
    action: "Start Parley without the variable to choose it here.",
  },
  "port-in-use": {
    retryable: false,
    words: "The port is already in use.",
    action: "Choose another one with --port, or stop the other program.",
  },
  "token-required": {
    retryable: false,
    words: "Listening on other addresses than this computer's own needs a token.",
    action: "Set PARLEY_TOKEN, or bind to 127.0.0.1.",
  },
  "child-failed": {
    retryable: true,
    words: "A part of Parley stopped and could not be started again.",
    action: "See the log; start Parley again.",
  },
  "connect-failed": {
    retryable: true,
    words: "The orchestrator cannot be reached.",
    action: "Check the address, and that it runs.",
  },
  "cancelled": { retryable: true, words: "It was cancelled.", action: "Ask again." },
  "internal": { retryable: true, words: "Something went wrong inside Parley.", action: "See the log." },
} as const satisfies Record<string, { retryable: boolean; words: string; action: string }>;

export type ErrorCode = keyof typeof catalogue;

const codes = Object.keys(catalogue) as [ErrorCode, ...ErrorCode[]];
export const ErrorCodeSchema = z.enum(codes);

/** An error as plain data: survives any boundary. */
export const WireError = z.object({
  code: ErrorCodeSchema,
  message: z.string(),
  action: z.string(),
  retryable: z.boolean(),
});
export type WireError = z.infer<typeof WireError>;

export interface AppErrorOptions {
  /** What exactly, in the user's words; appended to the code's own words. */
  detail?: string;
  cause?: unknown;
}

export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly action: string;

  constructor(code: ErrorCode, options: AppErrorOptions = {}) {
    const entry = catalogue[code];
    super(options.detail === undefined ? entry.words : `${entry.words} (${options.detail})`, { cause: options.cause });
    this.code = code;
    this.retryable = entry.retryable;
    this.action = entry.action;
  }
}

export function toWireError(error: unknown): WireError {
  const known = error instanceof AppError ? error : new AppError("internal", { cause: error });
  return { code: known.code, message: known.message, action: known.action, retryable: known.retryable };
}

export function fromWireError(wire: WireError): AppError {
  const error = new AppError(wire.code);
  error.message = wire.message;
  return error;
}

export function hasCode(error: unknown, code: ErrorCode): boolean {
  return error instanceof AppError && error.code === code;
}
