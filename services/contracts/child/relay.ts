import { z } from "zod";

/**
 * A child that may not start processes itself (under Electron) has its parent start them.
 * `message` is whatever the two ends would say to each other directly.
 */
const id = z.int().min(0);

/** From the child to its parent. */
export const RelayRequest = z.discriminatedUnion("type", [
  z.object({
    type: z.literal("relay-start"),
    id,
    entry: z.string().regex(/^[a-z][a-z-]*$/),
    args: z.array(z.string()),
    env: z.record(z.string(), z.string()).optional(),
  }),
  z.object({ type: z.literal("relay-send"), id, message: z.unknown() }),
  z.object({ type: z.literal("relay-kill"), id, force: z.boolean() }),
]);
export type RelayRequest = z.infer<typeof RelayRequest>;

/** From the parent to the child that asked. */
export const RelayEvent = z.discriminatedUnion("type", [
  z.object({ type: z.literal("relay-message"), id, message: z.unknown() }),
  z.object({ type: z.literal("relay-exit"), id, code: z.int().nullable(), signal: z.string().nullable() }),
]);
export type RelayEvent = z.infer<typeof RelayEvent>;
