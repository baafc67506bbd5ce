import { createHash, timingSafeEqual } from "node:crypto";
import type { Metadata } from "@grpc/grpc-js";
import { AppError } from "#contracts/errors";
import { VoiceMetadata } from "#contracts/protocol/voice-metadata";

function firstText(metadata: Metadata, key: string): string | undefined {
  const value = metadata.get(key)[0];
  return typeof value === "string" ? value : value?.toString("utf8");
}

/** Whether the call comes from a client of Parley rather than from one of its predecessor. */
export function isParleyClient(metadata: Metadata): boolean {
  return firstText(metadata, VoiceMetadata.protocolVersion) !== undefined;
}

/** Undefined for the predecessor's clients, which know no leases. Throws `bad-message` for one that is no number, `stale-token` when ours sends none. */
export function readFencingToken(metadata: Metadata): number | undefined {
  const text = firstText(metadata, VoiceMetadata.fencingToken);
  if (text === undefined) {
    if (isParleyClient(metadata)) throw new AppError("stale-token", { detail: "no fencing token was sent" });
    return undefined;
  }
  const fencingToken = Number(text);
  if (!/^\d{1,16}$/.test(text) || !Number.isSafeInteger(fencingToken))
    throw new AppError("bad-message", { detail: VoiceMetadata.fencingToken });
  return fencingToken;
}

const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

/** Compares in constant time; hashing first hides the lengths. "none": none was given. */
export function checkToken(metadata: Metadata, token: string): "right" | "wrong" | "none" {
  const given = firstText(metadata, VoiceMetadata.authorization);
  if (given === undefined) return "none";
  return timingSafeEqual(digest(given), digest(`Bearer ${token}`)) ? "right" : "wrong";
}
