/** Call metadata that Parley adds to `tts.TTSService`; older peers neither send nor read it. */
export const VoiceMetadata = {
  /** Decimal number of the lease under which the text is sent. */
  fencingToken: "parley-fencing-token",
  /** Sent with every call by Parley's own clients. */
  protocolVersion: "parley-protocol-version",
  /** ErrorCode in the trailers of a failed call. */
  errorCode: "parley-error-code",
  /** `Bearer <token>`. */
  authorization: "authorization",
} as const;

export const VOICE_PROTOCOL_VERSION = 1;
