import { randomBytes } from "node:crypto";
import type { Ids } from "#core/ports/ids";

export const systemIds: Ids = {
  next: (prefix) => `${prefix}-${randomBytes(6).toString("hex")}`,
  secret: () => randomBytes(24).toString("base64url"),
};
