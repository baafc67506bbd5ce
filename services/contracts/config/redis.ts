import { z } from "zod";

export const RedisConfig = z.strictObject({
  /** redis:// or rediss:// address. Empty: Parley starts a Redis of its own. */
  url: z.string().default(""),
  /** host:port of Sentinels, which know the server; instead of an address. */
  sentinels: z.array(z.string().min(1).max(255)).max(16).default([]),
  /** Name under which the Sentinels know it. */
  sentinel_name: z
    .string()
    .regex(/^[\w.-]+$/)
    .max(64)
    .default("mymaster"),
  /** host:port of some nodes of a Cluster; instead of an address. */
  cluster: z.array(z.string().min(1).max(255)).max(64).default([]),
  /** PEM file with the authority that signed the server's certificate, for rediss://. Empty: those that Node knows. */
  ca_file: z.string().default(""),
  /** Use a Redis that answers on 127.0.0.1:6379 without password, if no address is given. */
  use_local: z.boolean().default(false),
});
export type RedisConfig = z.infer<typeof RedisConfig>;
