import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";

/** What a real computer needs for the work that the virtual clock does in no time, ms. */
export interface ComputingTime {
  /** `newTokens`: those that differ from the earlier decode; the others are checked in one call. */
  decodeMs(decode: { audioSamples: number; newTokens: number }): number;
  synthesisMs(clause: { audioMs: number }): number;
}

/**
 * Fitted to processor time on two EPYC cores by `npm run bench -- computing-time`: 210 decodes (mean 68 ms, mean distance
 * from the fit 8 ms), 120 clauses (mean 30 ms, distance 2 ms). Other programs ran beside it, so these are upper bounds.
 */
const DECODE_MS = 14.8;
const DECODE_MS_PER_SECOND = 11;
const NEW_TOKEN_MS = 7;
const CLAUSE_MS = 0.5;
const CLAUSE_MS_PER_SECOND = 12.8;

/** Assumed, not measured: from the client to the orchestrator or back, over a WebSocket of the same computer. */
export const SOCKET_MS = 1;
/** Assumed, not measured: from the orchestrator to a worker or back, over gRPC on the same computer. */
export const GRPC_MS = 2;

/** Two CPU cores without a GPU, otherwise idle. */
export const measuredComputingTime: ComputingTime = {
  decodeMs: ({ audioSamples, newTokens }) =>
    DECODE_MS + (DECODE_MS_PER_SECOND * audioSamples) / EARS_SAMPLE_RATE_HZ + NEW_TOKEN_MS * newTokens,
  synthesisMs: ({ audioMs }) => CLAUSE_MS + (CLAUSE_MS_PER_SECOND * audioMs) / 1000,
};
