import { AppError, type ErrorCode } from "#contracts/errors";

/** Error replies start with a code word of the protocol; the rest is prose that differs between versions. */
const codeOfReplyWord: Readonly<Record<string, ErrorCode>> = {
  NOAUTH: "redis-auth-required",
  WRONGPASS: "redis-auth-failed",
  NOPERM: "redis-unsuitable",
  DENIED: "redis-unsuitable",
  NOPROTO: "redis-unsuitable",
  READONLY: "redis-unsuitable",
};

const socketErrorDetails: Readonly<Record<string, string>> = {
  ECONNREFUSED: "nothing listens there",
  ENOTFOUND: "the host name is not known",
  EAI_AGAIN: "the host name could not be looked up",
  EHOSTUNREACH: "there is no way to that host",
  ENETUNREACH: "there is no way to that network",
  ETIMEDOUT: "it did not answer in time",
  ECONNRESET: "it closed the connection",
  EPIPE: "it closed the connection",
  ENOENT: "there is no such socket",
};

/** Tells in the user's words why the server at `address` could not be used. `address` carries no secret. */
export function toRedisError(error: unknown, address: string): AppError {
  if (error instanceof AppError) return error;
  // ioredis attaches the command with its arguments, and the login's arguments hold the password.
  if (error instanceof Error && "command" in error) error.command = undefined;
  const code = errorCodeOf(error);
  const detail = `${address}: ${detailOf(error)}`;
  return new AppError(code, { detail, cause: error });
}

/** True when trying again cannot help before someone changes the password or the user. */
export function isAuthError(error: unknown): boolean {
  const code = errorCodeOf(error);
  return code === "redis-auth-required" || code === "redis-auth-failed";
}

function errorCodeOf(error: unknown): ErrorCode {
  if (!(error instanceof Error)) return "redis-unreachable";
  if (error.name === "ReplyError") return codeOfReplyWord[firstWord(error.message)] ?? "registry-unavailable";
  // The decoder throws plain errors for bytes that are no Redis protocol, and socket errors always carry a code.
  if (error.message.startsWith("Unknown RESP type")) return "redis-unsuitable";
  return "redis-unreachable";
}

function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return "no answer";
  if (error.name === "ReplyError") return error.message;
  if (errorCodeOf(error) === "redis-unsuitable") return "it does not speak the Redis protocol";
  const socketCode = "code" in error && typeof error.code === "string" ? error.code : "";
  return socketErrorDetails[socketCode] ?? error.message;
}

function firstWord(message: string): string {
  return (message.split(" ", 1)[0] ?? "").replace(/^-/, "");
}
