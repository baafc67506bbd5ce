import { mkdtempSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import type { TalkEvent } from "#contracts/events/talk-event";
import { holdConversation } from "#core/talk/talk-conversation";
import { createRecordedMicrophone } from "#core/talk/talk-microphone";
import { startForeignWorker, type ForeignWorker } from "#testing/foreign-worker";
import { runParley, type ParleyRun } from "#testing/parley-process";
import { loadSpeechClip } from "#testing/speech-fixtures";
import { startTestRedis, type TestRedis } from "#testing/test-redis";

const configFile = path.join(mkdtempSync(path.join(os.tmpdir(), "parley-foreign-")), "orchestrator.yaml");
const runs: ParleyRun[] = [];
let redis: TestRedis;
let foreign: ForeignWorker;

beforeEach(async () => {
  writeFileSync(configFile, "mode: client\nbrain:\n  kind: builtin\n");
  redis = await startTestRedis();
  foreign = await startForeignWorker({ spokenClauses: 1 });
});
afterEach(async () => {
  await Promise.all(runs.splice(0).map((run) => run.stop()));
  foreign.kill();
  await redis.stop();
});

function run(...args: readonly string[]): ParleyRun {
  const started = runParley(args, { env: { REDIS_URL: redis.url } });
  runs.push(started);
  return started;
}

/** What its tools would have written, among entries that must do no harm. */
async function writeRecords(): Promise<void> {
  const client = new Redis(redis.url);
  const record = { name: "tts-cosyvoice2@0", addr: `grpc://${foreign.address}`, capabilities: {}, resident_models: [] };
  await client.hset("worker:tts-cosyvoice2@0", { ...record, capabilities: "{}", resident_models: "[]" });
  await client.set("worker:broken", "{");
  await client.set("worker:dead", JSON.stringify({ ...record, name: "dead", addr: "grpc://127.0.0.1:1" }));
  await client.lpush("worker:list", "no record");
  client.disconnect();
}

interface Listed {
  workers: { name: string; info: { protocolVersion: number } }[];
}

async function listWorkers(): Promise<Listed["workers"]> {
  const list = run("workers", "list", "--json");
  expect(await list.ended).toBe(0);
  return (JSON.parse(list.stdout) as Listed).workers;
}

it("[RG90] [RG96] a foreign worker with a record in Redis speaks a conversation of ours; when it dies in mid-sentence, ours goes on", async () => {
  await writeRecords();
  const app = run("start", "--port", "0", "--config", configFile);
  const [, host, token] = await app.printed(/http:\/\/(\S+?)\/#token=(\S+)/);
  let workers = await listWorkers();
  while (workers.length === 0) workers = await listWorkers();
  expect(workers.map(({ name, info }) => [name, info.protocolVersion])).toEqual([["tts-cosyvoice2@0", 0]]);

  const events: TalkEvent[] = [];
  let hasDied = false;
  const result = await holdConversation({
    connect: createWsConnector(`ws://${host}/`),
    clock: systemClock,
    microphone: createRecordedMicrophone({ sampleRateHz: 16_000, pcm: loadSpeechClip("0880").pcm }),
    token,
    voice: undefined,
    tailMs: 300,
    maxMs: 30_000,
    onEvent(event) {
      events.push(event);
      if (hasDied || foreign.texts.length === 0 || event.type !== "agent-turn-start") return;
      hasDied = true;
      foreign.kill();
      run("worker", "--port", "0");
    },
  });
  expect(result.error).toBeUndefined();
  expect(events.filter((event) => event.type === "error")).toEqual([]);
  const ends = events.filter((event) => event.type === "agent-turn-end");
  expect(ends.at(-1)).toMatchObject({ reason: "completed" });
  expect(foreign.commands).toEqual([]);
  expect(foreign.texts.length).toBeGreaterThan(0);
  const metrics = await (await fetch(`http://${host}/metrics`)).text();
  expect(metrics).toMatch(/^parley_failovers_total [1-9]/m);
  // The broken JSON, the list and the address without an answer.
  expect(metrics).toMatch(/^parley_foreign_skipped_total [3-9]/m);
});
