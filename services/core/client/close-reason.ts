import { AppError, type ErrorCode } from "#contracts/errors";
import { CloseCode } from "#contracts/protocol/limits";

/** Closes by which the orchestrator says that coming back is no use; every other close is a drop. */
const FINAL_CLOSES: Readonly<Record<number, ErrorCode>> = {
  [CloseCode.tooLarge]: "message-too-large",
  [CloseCode.badMessage]: "bad-message",
  [CloseCode.unauthorized]: "unauthorized",
  [CloseCode.forbidden]: "forbidden-origin",
  [CloseCode.idle]: "idle-timeout",
  [CloseCode.resumedElsewhere]: "resumed-elsewhere",
  [CloseCode.rateLimited]: "rate-limited",
  [CloseCode.atCapacity]: "at-capacity",
};

/**
 * What a final close means; undefined for a drop, after which the session can be resumed.
 * `lastError`: the last error message before the close, which says more when it is about the same thing.
 */
export function finalCloseError(code: number, lastError: AppError | undefined): AppError | undefined {
  const errorCode = FINAL_CLOSES[code];
  if (errorCode === undefined) return undefined;
  const saysMore =
    lastError?.code === errorCode || lastError?.code === "too-many-wrong-tokens" || code === CloseCode.badMessage;
  return saysMore && lastError !== undefined ? lastError : new AppError(errorCode);
}
