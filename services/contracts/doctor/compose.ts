import { z } from "zod";

const Names = z.union([z.array(z.string()), z.record(z.string(), z.unknown())]);

/** What a check reads of a Compose file; all else in it is let through. */
export const ComposeFile = z.object({
  services: z
    .record(
      z.string(),
      z.object({
        ports: z
          .array(
            z.union([
              z.string(),
              z.number(),
              z.object({ published: z.union([z.string(), z.number()]).optional(), host_ip: z.string().optional() }),
            ]),
          )
          .optional(),
        networks: Names.optional(),
        environment: z.union([z.array(z.string()), z.record(z.string(), z.unknown())]).optional(),
        command: z.union([z.string(), z.array(z.string())]).optional(),
      }),
    )
    .default({}),
});
export type ComposeFile = z.infer<typeof ComposeFile>;
