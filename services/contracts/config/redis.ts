import { z } from "zod";
import { DEFAULT_REDIS_TIMEOUTS } from "../registry/redis-timeouts";

const Nodes = z.array(z.string().min(1).max(255));

/** `variables`: those of the environment that decide it, instead of the one made from its name. */
export const RedisConfig = z.strictObject({
  url: z
    .string()
    .default("")
    .meta({
      description: "`redis://` or `rediss://` address. Empty: Parley starts a Redis of its own.",
      variables: ["REDIS_URL", "PARLEY_REDIS_URL"],
    }),
  sentinels: Nodes.max(16)
    .default([])
    .meta({
      description: "`host:port` of Sentinels, which know the server; instead of an address.",
      variables: ["REDIS_SENTINELS"],
    }),
  sentinel_name: z
    .string()
    .regex(/^[\w.-]+$/)
    .max(64)
    .default("mymaster")
    .meta({ description: "Name under which the Sentinels know it.", variables: ["REDIS_SENTINEL_NAME"] }),
  cluster: Nodes.max(64)
    .default([])
    .meta({
      description: "`host:port` of some nodes of a Cluster; instead of an address.",
      variables: ["REDIS_CLUSTER"],
    }),
  ca_file: z
    .string()
    .default("")
    .meta({
      description:
        "PEM file with the authority that signed the server's certificate, for `rediss://`. Empty: those that Node knows.",
      variables: ["REDIS_CA_FILE"],
    }),
  socket_timeout: z
    .number()
    .min(0.1)
    .max(60)
    .default(DEFAULT_REDIS_TIMEOUTS.commandMs / 1_000)
    .describe("Seconds that a command may take. An outage is noticed no sooner."),
  socket_connect_timeout: z
    .number()
    .min(0.1)
    .max(60)
    .default(DEFAULT_REDIS_TIMEOUTS.connectMs / 1_000)
    .describe("Seconds that the first connection may take, with TLS and login."),
  use_local: z
    .boolean()
    .default(false)
    .describe("Use a Redis that answers on 127.0.0.1:6379 without password, if no address is given."),
});
export type RedisConfig = z.infer<typeof RedisConfig>;
