import type { Brain } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { Metrics } from "#core/ports/metrics";
import type { SessionBook } from "./session-book";

/** What a protocol's gate needs to serve a connection. */
export interface GateDeps {
  sessions: SessionBook;
  brain: Brain;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** Secret that clients must show; undefined on loopback without one. */
  token: string | undefined;
  /** For conversations that ask for none. */
  defaultVoice(): string;
  /** Voices of the live workers; empty while none is known. */
  voices(): string[];
  /** A warning to show with the conversation. */
  banner(): string | undefined;
}
