/** Limits of the WebSocket protocol; docs/specs/protocol.md explains each. */
export const PROTOCOL_NAME = "parley.v1";
export const PROTOCOL_VERSION = 1;
export const MAX_MESSAGE_BYTES = 1024 * 1024;
export const MAX_TEXT_CHARS = 10_000;
/** JSON messages a second, averaged over one second; mic frames are counted apart. */
export const MAX_MESSAGES_PER_SECOND = 50;
/** Mic frames of 10 ms in real time are 100 a second; twice that lets a late client catch up. */
export const MAX_MIC_FRAMES_PER_SECOND = 200;
export const MAX_PLAYOUT_REPORT_INTERVAL_MS = 100;
export const RESUME_WINDOW_MS = 30_000;
/** A connection that does not start a session within this time is closed. */
export const START_TIMEOUT_MS = 10_000;

/** Close codes of the application range (RFC 6455 section 7.4.2). */
export const CloseCode = {
  normal: 1000,
  goingAway: 1001,
  tooLarge: 1009,
  badMessage: 4400,
  unauthorized: 4401,
  forbidden: 4403,
  idle: 4408,
  resumedElsewhere: 4409,
  rateLimited: 4429,
  atCapacity: 4503,
} as const;
