import type { Brain } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import type { Logger } from "#core/ports/logger";
import type { Metrics } from "#core/ports/metrics";
import type { SessionBook } from "./session-book";
import type { TokenDoor } from "./token-check";

/** What a protocol's gate needs to serve a connection. */
export interface GateDeps extends TokenDoor {
  sessions: SessionBook;
  brain: Brain;
  clock: Clock;
  log: Logger;
  metrics: Metrics;
  /** For conversations that ask for none. */
  defaultVoice(): string;
  /** Voices of the live workers; empty while none is known. */
  voices(): string[];
  /** A warning to show with the conversation. */
  banner(): string | undefined;
}
