import { z } from "zod";

/** Where the registry lives, for people. */
export const RegistryOriginSchema = z.object({
  source: z.enum(["url", "settings", "config", "local", "private", "in-process"]),
  /** Address without secrets. */
  address: z.string(),
  /** A plain warning to show, if any. */
  banner: z.string().optional(),
});
