import { z } from "zod";

/**
 * What of Parley runs on this computer. `full`: conversations and a worker. `client`: conversations, spoken by the workers
 * of others. `worker`: a worker for others, and no conversations.
 */
export const Mode = z.enum(["full", "client", "worker"]);
export type Mode = z.infer<typeof Mode>;
