import { z } from "zod";
import { WireError } from "../errors";

/** From a service process (orchestrator, worker) to the supervisor that started it. */
export const ServiceReport = z.discriminatedUnion("type", [
  /** It serves on this port. */
  z.object({ type: z.literal("service-ready"), port: z.int().min(1).max(65_535) }),
  /** It cannot start, and trying again would not help. */
  z.object({ type: z.literal("service-failed"), error: WireError }),
  /** The answer to `service-ping`. */
  z.object({ type: z.literal("service-pong") }),
]);
export type ServiceReport = z.infer<typeof ServiceReport>;

/** From the supervisor. */
export const ServiceOrder = z.discriminatedUnion("type", [
  /** Finish what runs, then exit with 0. */
  z.object({ type: z.literal("service-stop") }),
  /** Prove that messages are still read, with `service-pong`. */
  z.object({ type: z.literal("service-ping") }),
]);
export type ServiceOrder = z.infer<typeof ServiceOrder>;
