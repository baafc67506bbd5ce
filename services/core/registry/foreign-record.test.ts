import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readForeignRecord } from "./foreign-record";

const record = {
  name: "tts-cosyvoice2@0",
  addr: "grpc://tts-cosy:7002",
  capabilities: { streaming: true, languages: ["en", "zh"] },
  resident_models: ["cosyvoice2-en-base"],
  metrics: { rtf: 0.2, queue_depth: 0 },
  last_heartbeat_ts: 1_762_130_000.123,
};
const read = (value: string | Record<string, string> | undefined) => readForeignRecord({ key: "worker:x", value });
const foreign = { type: "foreign", name: "tts-cosyvoice2@0", address: "tts-cosy:7002" };

describe("[RG96] the predecessor's records", () => {
  it.each<[string, string | Record<string, string>]>([
    ["as its tools write it", JSON.stringify(record)],
    [
      "of its example script",
      JSON.stringify({ ...record, last_heartbeat_ts: undefined, registered_at: 1_762_130_000 }),
    ],
    [
      "with audio and hardware",
      JSON.stringify({ ...record, audio: { sr: 48_000 }, hardware: { gpu: "A", vram_gb: 8 } }),
    ],
    [
      "as a hash",
      { name: record.name, addr: record.addr, adapter_type: "cosy", capabilities: "{}", last_heartbeat: "1762130000" },
    ],
  ])("%s are read", (_, value) => {
    expect(read(value)).toEqual(foreign);
  });

  it("of a worker of ours are known by their mark", () => {
    expect(read(JSON.stringify({ ...record, capabilities: { parley_protocol: 1 } }))).toEqual({ type: "own" });
  });

  it.each<[string, string | Record<string, string> | undefined]>([
    ["not-a-record", undefined],
    ["bad-fields", "{"],
    ["bad-fields", "[]"],
    ["bad-fields", JSON.stringify({ ...record, addr: 7 })],
    ["bad-fields", {}],
    ["bad-name", JSON.stringify({ ...record, name: "a\u001b[2Jb" })],
    ["bad-name", JSON.stringify({ ...record, name: "n".repeat(10_000) })],
    ["bad-address", JSON.stringify({ ...record, addr: "http://x:80" })],
    ["bad-address", JSON.stringify({ ...record, addr: "grpc://x" })],
    ["bad-address", JSON.stringify({ ...record, addr: "grpc://x:70000" })],
    ["bad-address", JSON.stringify({ ...record, addr: "unix:/etc/passwd" })],
  ])("that cannot be used are skipped: %s", (reason, value) => {
    expect(read(value)).toEqual({ type: "skipped", reason });
  });

  it("never throws", () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.json()), (text) => void read(text)));
  });
});
