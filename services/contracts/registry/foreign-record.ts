import { z } from "zod";

/** Of all that the predecessor's documented records hold only these are needed; what else they say is not to be trusted. */
export const ForeignRecordFields = z.object({
  name: z.string(),
  addr: z.string(),
  capabilities: z.unknown().optional(),
});

/** In `capabilities` of a record that a worker of Parley wrote. */
export const OwnRecordMark = z.object({ parley_protocol: z.number() });
