import type { ErrorCode } from "#contracts/errors";

/** The codes with which a brain may fail. */
export type BrainErrorCode = Extract<ErrorCode, `brain-${string}`>;

const apologies = {
  "brain-unauthorized": "Sorry, the language model refused my key. Please check the key in the settings.",
  "brain-not-found": "Sorry, I cannot find my language model. Please check its address and its name in the settings.",
  "brain-rate-limited": "Sorry, the language model has had too many questions. Please wait a moment, and ask me again.",
  "brain-failed": "Sorry, the language model failed, so I have no answer. Please ask me again.",
  "brain-timeout": "Sorry, the language model takes too long to answer. Please ask me again.",
  "brain-interrupted": "Sorry, my answer broke off there. Please ask me again.",
} as const satisfies Record<BrainErrorCode, string>;

const generalApology = "Sorry, something went wrong on my side. Please ask me again.";

function isBrainErrorCode(code: ErrorCode): code is BrainErrorCode {
  return Object.hasOwn(apologies, code);
}

/**
 * What the agent says aloud when it cannot answer. Written for the ear, and without a word from the endpoint's own
 * message, which may hold addresses or keys. Codes other than the brain's get a general sentence.
 */
export function apologyFor(code: ErrorCode): string {
  return isBrainErrorCode(code) ? apologies[code] : generalApology;
}
