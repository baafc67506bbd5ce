import { AppError, type ErrorCode } from "#contracts/errors";

/** The worker went, or cannot be called at all: it is not to be asked again soon. */
export const LOST: readonly ErrorCode[] = [
  "worker-lost",
  "worker-unreachable",
  "worker-unauthorized",
  "worker-untrusted",
  "worker-needs-tls",
  "worker-without-tls",
];

export function isWorkerLost(error: unknown): boolean {
  return error instanceof AppError && LOST.includes(error.code);
}
