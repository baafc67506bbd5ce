import { expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import type { LogFields, Logger } from "#core/ports/logger";
import type { FinishedTurn } from "#core/ports/turn-tracer";
import { createFakeAsrEngine } from "#testing/fake-asr-engine";
import { ask, createHarness } from "#testing/orchestrator-harness";
import { createOrchestrator } from "./orchestrator";

interface Line {
  message: string;
  fields: LogFields;
}

/** Keeps every line, of every level. */
function createListeningLogger(lines: Line[], common: LogFields = {}): Logger {
  const keep = (message: string, fields: LogFields = {}): void =>
    void lines.push({ message, fields: { ...common, ...fields } });
  return {
    debug: keep,
    info: keep,
    warn: keep,
    error: keep,
    child: (fields) => createListeningLogger(lines, { ...common, ...fields }),
  };
}

async function talk() {
  const lines: Line[] = [];
  const turns: FinishedTurn[] = [];
  const harness = await createHarness(
    { createRegistry: (clock) => createMemoryRegistry({ clock }), createOrchestrator },
    () => ({
      asr: createFakeAsrEngine({ hear: () => "walrus please" }),
      log: createListeningLogger(lines),
      tracer: { turnEnded: (turn: FinishedTurn) => void turns.push(turn) },
    }),
  );
  const client = await harness.started();
  await ask(client);
  await client.pass(1_500);
  client.say({ type: "text", text: "Another walrus." });
  await client.pass(1_500);
  harness.world.brain.script([{ delta: "Yes indeed" }, { fail: "brain-interrupted" }]);
  client.say({ type: "text", text: "A third walrus." });
  await client.pass(3_000);
  return { lines, turns, sessionId: client.last("session-started").sessionId };
}

it("what was said is in no log and no span, also when an answer fails", async () => {
  const { lines, turns } = await talk();
  expect(lines.length).toBeGreaterThan(2);
  const told = JSON.stringify([lines, turns], (_key, value: unknown) =>
    value instanceof Error ? `${value.name} ${value.message}` : value,
  );
  expect(told).not.toMatch(/walrus|yes indeed/i);
});

it("log lines of a turn have static messages and say which session, turn and worker it was", async () => {
  const { lines, sessionId } = await talk();
  const ended = lines.filter(({ message }) => message === "agent turn ended");
  expect(ended.map(({ fields }) => fields["turn"])).toEqual([1, 2, 3]);
  expect(ended[0]?.fields).toMatchObject({ sessionId, reason: "completed", metrics: { worker: "worker-a" } });
  expect(lines.filter(({ message }) => message.includes(sessionId))).toEqual([]);
});

it("each turn that is over is told to the tracer once", async () => {
  const { turns, sessionId } = await talk();
  expect(turns.map(({ turn }) => turn)).toEqual([1, 2, 3]);
  for (const turn of turns) {
    expect(turn.sessionId).toBe(sessionId);
    expect(turn.endedAtMs).toBeGreaterThan(turn.originAtMs);
  }
});
