import { certificateFaults } from "#contracts/certificate-faults";
import { connectionFaults } from "#contracts/connection-faults";
import { AppError, type ErrorCode } from "#contracts/errors";

/** Error replies start with a code word of the protocol; the rest is prose that differs between versions. */
const codeOfReplyWord: Readonly<Record<string, ErrorCode>> = {
  NOAUTH: "redis-auth-required",
  WRONGPASS: "redis-auth-failed",
  NOPERM: "redis-denied",
  DENIED: "redis-protected",
  NOPROTO: "redis-unsuitable",
  READONLY: "redis-read-only",
  MASTERDOWN: "redis-read-only",
  LOADING: "redis-unreachable",
  CLUSTERDOWN: "redis-unreachable",
};

/** Of the system and of TLS. Others, and those that say nothing, are `redis-unreachable`. */
const codeOfSocketError: Readonly<Record<string, ErrorCode>> = {
  ENOTFOUND: "redis-unknown-host",
  EAI_AGAIN: "redis-unknown-host",
  EHOSTUNREACH: "redis-no-route",
  ENETUNREACH: "redis-no-route",
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: "redis-wants-certificate",
  ERR_SSL_WRONG_VERSION_NUMBER: "redis-without-tls",
  ERR_SSL_PACKET_LENGTH_TOO_LONG: "redis-without-tls",
};
/** What ioredis says when no Sentinel has led to a master; the last error follows. */
const NO_MASTER = "All sentinels are unreachable";
/** Trying again may help, as the network and the server change by themselves. */
const OUTAGES: ReadonlySet<ErrorCode> = new Set([
  "redis-unreachable",
  "redis-unknown-host",
  "redis-no-route",
  "redis-full",
  "redis-no-master",
]);

const socketErrorDetails: Readonly<Record<string, string>> = {
  ...connectionFaults,
  ...certificateFaults,
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  ENOENT: "there is no such socket",
};

const BROKE = "the connection broke, and is being made again";
/** What ioredis says of commands while there is no connection. */
const libraryWords: ReadonlyMap<string, string> = new Map([
  ["Stream isn't writeable and enableOfflineQueue options is false", BROKE],
  ["Connection is closed.", BROKE],
  [
    'Reached the max retries per request limit (which is 0). Refer to "maxRetriesPerRequest" option for details.',
    BROKE,
  ],
]);

/** Tells in the user's words why the server at `address` could not be used. `address` carries no secret. */
export function toRedisError(error: unknown, address: string): AppError {
  if (error instanceof AppError) return error;
  // What a Cluster's client could not do at any node.
  if (error instanceof Error && "lastNodeError" in error && error.lastNodeError instanceof Error)
    return toRedisError(error.lastNodeError, address);
  // ioredis attaches the command with its arguments, and the login's arguments hold the password.
  if (error instanceof Error && "command" in error) error.command = undefined;
  const code = errorCodeOf(error);
  const detail = `${address}: ${reasonOf(error)}`;
  return new AppError(code, { detail, cause: error });
}

/** True when the server may be back without anybody doing anything. */
export function isOutage(error: AppError): boolean {
  return OUTAGES.has(error.code);
}

/** True when a key holds what it is not for: in older versions a script's error has these words in the middle. */
export function isDamagedKey(error: unknown): boolean {
  const reply = error instanceof AppError ? error.cause : error;
  return reply instanceof Error && /\bWRONGTYPE\b|value is not an integer/.test(reply.message);
}

/** True when trying again cannot help before someone changes the password or the user. */
export function isAuthError(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code === "redis-auth-required" || code === "redis-auth-failed";
}

function errorCodeOf(error: unknown): ErrorCode {
  if (!(error instanceof Error)) return "redis-unreachable";
  if (error.name === "ReplyError") {
    if (error.message.startsWith("ERR max number of clients")) return "redis-full";
    if (error.message.includes("user executing the script can't")) return "redis-denied";
    return codeOfReplyWord[firstWord(error.message)] ?? "registry-unavailable";
  }
  if (knowsNoMaster(error.message)) return "redis-no-master";
  // The decoder throws plain errors for bytes that are no Redis protocol, and socket errors always carry a code.
  if (error.message.startsWith("Unknown RESP type")) return "redis-unsuitable";
  const code = socketCodeOf(error);
  return codeOfSocketError[code] ?? (code in certificateFaults ? "redis-untrusted" : "redis-unreachable");
}

function socketCodeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : "";
}

/** What happened, in a few plain words. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "ReplyError") return error.message;
  if (errorCodeOf(error) === "redis-unsuitable") return "it does not speak the Redis protocol";
  return socketErrorDetails[socketCodeOf(error)] ?? libraryWords.get(error.message) ?? silence(error) ?? error.message;
}

/** Asked for the others that watch a master of this name, a Sentinel answers that there is none. */
function knowsNoMaster(message: string): boolean {
  if (!message.startsWith(NO_MASTER)) return false;
  return !message.includes("Last error:") || message.includes("No such master");
}

/** ioredis tells only by words that the peer was silent. */
function silence(error: Error): string | undefined {
  if (error.message.startsWith(NO_MASTER)) return "none of the Sentinels leads to a master";
  return /^(Socket timeout|Command timed out)/.test(error.message) ? "it does not answer" : undefined;
}

function firstWord(message: string): string {
  return (message.split(" ", 1)[0] ?? "").replace(/^-/, "");
}
