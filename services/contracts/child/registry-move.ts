import { z } from "zod";
import { WireError } from "../errors";
import { RedisTimeouts } from "../registry/redis-timeouts";
import { RegistryOriginSchema } from "../registry/registry-origin";

/** How a child reaches the registry. */
export const RegistryAddress = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("redis"),
    url: z.string(),
    password: z.string().optional(),
    /** File that the password was read from; read anew when the server refuses it. */
    passwordFile: z.string().optional(),
    caFile: z.string().optional(),
    timeouts: RedisTimeouts.optional(),
    origin: RegistryOriginSchema,
  }),
  /** Through the channel to its parent, which holds it. */
  z.object({ type: z.literal("parent") }),
]);
export type RegistryAddress = z.infer<typeof RegistryAddress>;

/**
 * A supervisor moves its children to another registry in two steps: all of them prepare, and stay where they are; then all
 * of them commit, or all abort.
 */
export const RegistryMoveRequest = z.object({
  type: z.literal("registry-move"),
  requestId: z.int(),
  step: z.discriminatedUnion("type", [
    z.object({ type: z.literal("prepare"), address: RegistryAddress }),
    z.object({ type: z.literal("commit") }),
    z.object({ type: z.literal("abort") }),
  ]),
});
export type RegistryMoveRequest = z.infer<typeof RegistryMoveRequest>;

export const RegistryMoveReply = z.object({
  type: z.literal("registry-move-reply"),
  requestId: z.int(),
  error: WireError.optional(),
});
export type RegistryMoveReply = z.infer<typeof RegistryMoveReply>;
