import { ForeignRecordFields, OwnRecordMark } from "../../contracts/registry/foreign-record";
import { parseJsonWith, parseWith } from "../../contracts/parse";
import type { ForeignEntry } from "../ports/worker-registry";

export type ForeignRecord =
  | { type: "foreign"; name: string; address: string }
  /** Written by a worker of Parley, which has registered by itself. */
  | { type: "own" }
  | { type: "skipped"; reason: "not-a-record" | "bad-fields" | "bad-name" | "bad-address" };

const Name = /^[\x21-\x7e]{1,64}$/;
const Address = /^(?:grpc:\/\/)?((?:[\w.-]+|\[[\da-fA-F:.]+\]):(\d{1,5}))$/;

/**
 * Reads one entry under the predecessor's keys, in every shape that was documented for it: a JSON string, or a hash of
 * strings. Time stamps are not looked at: whether the worker lives is asked of itself, not of another computer's clock.
 */
export function readForeignRecord({ value }: ForeignEntry): ForeignRecord {
  if (value === undefined) return { type: "skipped", reason: "not-a-record" };
  const fields =
    typeof value === "string" ? parseJsonWith(ForeignRecordFields, value) : parseWith(ForeignRecordFields, value);
  if (!fields.ok) return { type: "skipped", reason: "bad-fields" };
  const { name, addr, capabilities } = fields.value;
  if (parseWith(OwnRecordMark, capabilities).ok) return { type: "own" };
  if (!Name.test(name)) return { type: "skipped", reason: "bad-name" };
  const match = Address.exec(addr);
  const address = match?.[1];
  if (address === undefined || addr.length > 255 || Number(match?.[2]) > 65_535 || Number(match?.[2]) === 0)
    return { type: "skipped", reason: "bad-address" };
  return { type: "foreign", name, address };
}
