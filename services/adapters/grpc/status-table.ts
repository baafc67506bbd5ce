import { Metadata, status, type ServiceError, type StatusObject } from "@grpc/grpc-js";
import { connectionFaults } from "#contracts/connection-faults";
import { AppError, ErrorCodeSchema, type ErrorCode } from "#contracts/errors";
import { VoiceMetadata } from "#contracts/protocol/voice-metadata";

/** How a failure of ours goes out. What is not listed is INTERNAL. */
const statusOfCode: Partial<Record<ErrorCode, status>> = {
  "bad-message": status.INVALID_ARGUMENT,
  "text-too-long": status.INVALID_ARGUMENT,
  "unknown-voice": status.INVALID_ARGUMENT,
  "not-started": status.NOT_FOUND,
  "stale-token": status.FAILED_PRECONDITION,
  "worker-refused": status.FAILED_PRECONDITION,
  "worker-at-capacity": status.RESOURCE_EXHAUSTED,
  "shutting-down": status.UNAVAILABLE,
  "unauthorized": status.UNAUTHENTICATED,
  "too-many-wrong-tokens": status.RESOURCE_EXHAUSTED,
  "cancelled": status.CANCELLED,
  "idle-timeout": status.DEADLINE_EXCEEDED,
  "synthesis-failed": status.INTERNAL,
};

/** How a status comes in from a peer that does not name one of our codes. What is not listed is `worker-refused`. */
const codeOfStatus: Partial<Record<status, ErrorCode>> = {
  // A connection that breaks shows as any of these, depending on the moment.
  [status.UNAVAILABLE]: "worker-lost",
  [status.CANCELLED]: "worker-lost",
  [status.DEADLINE_EXCEEDED]: "worker-lost",
  [status.INTERNAL]: "worker-lost",
  [status.ABORTED]: "worker-lost",
  [status.DATA_LOSS]: "worker-lost",
  [status.UNKNOWN]: "synthesis-failed",
  [status.RESOURCE_EXHAUSTED]: "worker-at-capacity",
  [status.UNAUTHENTICATED]: "worker-unauthorized",
  [status.PERMISSION_DENIED]: "worker-unauthorized",
};

/** Of the codes that a worker may name, those that mean something else to its caller, and what. */
const codeForCaller: Partial<Record<ErrorCode, ErrorCode>> = {
  "shutting-down": "worker-refused",
  "not-started": "worker-refused",
  "bad-message": "worker-refused",
  "idle-timeout": "worker-refused",
  "cancelled": "worker-lost",
  "unauthorized": "worker-unauthorized",
  "too-many-wrong-tokens": "worker-unauthorized",
  "internal": "synthesis-failed",
};

export function toStatus(error: unknown, detail?: string): StatusObject {
  const known = error instanceof AppError ? error : new AppError("internal", { cause: error });
  const metadata = new Metadata();
  metadata.set(VoiceMetadata.errorCode, known.code);
  return { code: statusOfCode[known.code] ?? status.INTERNAL, details: detail ?? known.message, metadata };
}

/** gRPC's words for a connection that could not be made: "No connection established. Last error: … Resolution note: …". */
function plainDetails(details: string): string | undefined {
  if (details === "") return undefined;
  if (!details.startsWith("No connection established")) return details.slice(0, 200);
  return connectionFaults[/\bE[A-Z_]{3,}\b/.exec(details)?.[0] ?? ""] ?? "there is no connection";
}

export function fromStatus(failure: Pick<ServiceError, "code" | "details" | "metadata">): AppError {
  const named = ErrorCodeSchema.safeParse(failure.metadata.get(VoiceMetadata.errorCode)[0]);
  const code = named.success
    ? (codeForCaller[named.data] ?? named.data)
    : (codeOfStatus[failure.code] ?? "worker-refused");
  const error = new AppError(code, { detail: plainDetails(failure.details), cause: failure });
  // Our own workers' words say all already.
  if (named.success && named.data === code) error.message = failure.details;
  return error;
}
