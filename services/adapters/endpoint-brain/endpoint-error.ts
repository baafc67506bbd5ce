import { APICallError } from "ai";
import { AppError, type ErrorCode } from "#contracts/errors";

/** System and undici codes of a server that is not there at all. */
const notThere = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENETUNREACH", "ERR_INVALID_URL"]);
/** Of a connection that broke, such as a kept one that the server had closed meanwhile. */
const broken = new Set(["ECONNRESET", "EPIPE", "UND_ERR_SOCKET"]);
/** Of undici's own limits, all of them longer than ours. */
const tooSlow = new Set(["ETIMEDOUT", "UND_ERR_CONNECT_TIMEOUT", "UND_ERR_HEADERS_TIMEOUT", "UND_ERR_BODY_TIMEOUT"]);

/** Looks through an error and its causes. */
function findCode(error: unknown, codes: ReadonlySet<string>): boolean {
  for (let current = error, depth = 0; current instanceof Error && depth < 6; current = current.cause, depth++) {
    if ("code" in current && typeof current.code === "string" && codes.has(current.code)) return true;
    // All addresses of a host name failed.
    if (current instanceof AggregateError && current.errors.some((inner) => findCode(inner, codes))) return true;
  }
  return false;
}

export function isBrokenConnection(error: unknown): boolean {
  return findCode(error, broken) && !(APICallError.isInstance(error) && error.statusCode !== undefined);
}

function codeOfStatus(status: number): ErrorCode {
  switch (status) {
    case 401:
    case 403:
      return "brain-unauthorized";
    case 404:
    case 410:
      return "brain-not-found";
    case 429:
      return "brain-rate-limited";
    case 408:
    case 504:
      return "brain-timeout";
    default:
      return "brain-failed";
  }
}

/** Seconds to wait from a Retry-After header in seconds or as a date; undefined where there is none that can be used. */
export function retryAfterSeconds(header: string | undefined, wallTime: Date): number | undefined {
  if (header === undefined) return undefined;
  const seconds = /^\d+$/.test(header.trim()) ? Number(header) : (Date.parse(header) - wallTime.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds) : undefined;
}

/** For an answer that is not 2xx. */
export function errorOfStatus(
  answer: { status: number; retryAfter: string | undefined },
  at: { wallTime: Date; cause?: unknown },
): AppError {
  const code = codeOfStatus(answer.status);
  const waitSeconds = code === "brain-rate-limited" ? retryAfterSeconds(answer.retryAfter, at.wallTime) : undefined;
  const detail =
    waitSeconds === undefined
      ? `HTTP status ${answer.status}`
      : `HTTP status ${answer.status}, again in ${waitSeconds} s`;
  return new AppError(code, { detail, cause: at.cause });
}

/**
 * The one place that turns what an endpoint can do wrong into Parley's codes: by status and system code, never by
 * message. The endpoint's own words stay in `cause`: they may hold addresses or parts of keys.
 */
export function toBrainError(error: unknown, at: { hasAnswerBegun: boolean; wallTime: Date }): AppError {
  if (error instanceof AppError) return error;
  if (at.hasAnswerBegun) return new AppError("brain-interrupted", { cause: error });
  if (APICallError.isInstance(error) && error.statusCode !== undefined && error.statusCode >= 400) {
    return errorOfStatus(
      { status: error.statusCode, retryAfter: error.responseHeaders?.["retry-after"] },
      { wallTime: at.wallTime, cause: error },
    );
  }
  if (findCode(error, notThere))
    return new AppError("brain-not-found", { detail: "nothing answers at its address", cause: error });
  if (findCode(error, tooSlow)) return new AppError("brain-timeout", { cause: error });
  return new AppError("brain-failed", { cause: error });
}
