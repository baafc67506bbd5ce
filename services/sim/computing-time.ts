import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";

/** What a real computer needs for the work that the virtual clock does in no time, ms. */
export interface ComputingTime {
  /** `checkedTokens`: of the earlier decode, checked in one call; `newTokens`: decoded one by one after those. */
  decodeMs(decode: { audioSamples: number; checkedTokens: number; newTokens: number }): number;
  synthesisMs(clause: { audioMs: number }): number;
}

const DECODE_BASE_MS = 15;
const ENCODER_MS_PER_SECOND = 14;
const CHECKED_TOKEN_MS = 0.8;
const NEW_TOKEN_MS = 4;
const SYNTHESIS_BASE_MS = 8;
const SYNTHESIS_MS_PER_SECOND = 14;

/** From the client to the orchestrator or back, over a WebSocket of this computer. */
export const SOCKET_MS = 1;
/** From the orchestrator to a worker or back, over gRPC on this computer. */
export const GRPC_MS = 2;

/** Two CPU cores without a GPU, otherwise idle. */
export const measuredComputingTime: ComputingTime = {
  decodeMs: ({ audioSamples, checkedTokens, newTokens }) =>
    DECODE_BASE_MS +
    (ENCODER_MS_PER_SECOND * audioSamples) / EARS_SAMPLE_RATE_HZ +
    CHECKED_TOKEN_MS * checkedTokens +
    NEW_TOKEN_MS * newTokens,
  synthesisMs: ({ audioMs }) => SYNTHESIS_BASE_MS + (SYNTHESIS_MS_PER_SECOND * audioMs) / 1000,
};
