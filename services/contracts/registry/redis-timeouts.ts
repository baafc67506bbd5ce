import { z } from "zod";

/** How long a Redis may take. */
export const RedisTimeouts = z.object({
  /** One command, and one login. */
  commandMs: z.number(),
  /** The first connection with all that belongs to it: name, TCP, TLS, login and the check of the server. */
  connectMs: z.number(),
});
export type RedisTimeouts = z.infer<typeof RedisTimeouts>;

/** Commands: below the 2 s in which every call of the registry answers. Connections: below the 3.5 s of a start. */
export const DEFAULT_REDIS_TIMEOUTS: RedisTimeouts = { commandMs: 1_500, connectMs: 2_600 };
