import { readFileSync } from "node:fs";
import { z } from "zod";
import { AppError } from "#contracts/errors";
import { parseJsonWith } from "#contracts/parse";
import { places } from "./places";

const PackageFile = z.object({ version: z.string() });

/** As package.json has it, which stands beside the built program. */
export function packageVersion(): string {
  const file = parseJsonWith(PackageFile, readFileSync(places.packageFile, "utf8"));
  if (!file.ok) throw new AppError("internal", { detail: `${places.packageFile}: ${file.issues}` });
  return file.value.version;
}
