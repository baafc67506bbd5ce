import { z } from "zod";

export const RedisConfig = z.strictObject({
  /** redis:// or rediss:// address. Empty: Parley starts a Redis of its own. */
  url: z.string().default(""),
  /** PEM file with the authority that signed the server's certificate, for rediss://. Empty: those that Node knows. */
  ca_file: z.string().default(""),
  /** Use a Redis that answers on 127.0.0.1:6379 without password, if no address is given. */
  use_local: z.boolean().default(false),
});
export type RedisConfig = z.infer<typeof RedisConfig>;
