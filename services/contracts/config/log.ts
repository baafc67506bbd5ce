import { z } from "zod";

export const LogConfig = z.strictObject({
  level: z.enum(["debug", "info", "warn", "error", "silent"]).default("info").describe("Least that is logged."),
});
