import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import type { LegacyServerMessage } from "#contracts/protocol/legacy";
import { createOrchestratorWorld } from "#testing/orchestrator-world";
import { TestClient, settle } from "#testing/session-bench";
import { createOrchestrator } from "./orchestrator";

let world: Awaited<ReturnType<typeof createOrchestratorWorld>>;
let client: TestClient;

function received(): LegacyServerMessage[] {
  return client.texts.map((text) => JSON.parse(text) as LegacyServerMessage);
}

function audio(): (LegacyServerMessage & { type: "audio" })[] {
  return received().filter((message): message is LegacyServerMessage & { type: "audio" } => message.type === "audio");
}

function send(message: unknown): void {
  client.sendRaw(JSON.stringify(message));
}

async function connect(token?: string): Promise<void> {
  world = await createOrchestratorWorld((clock) => createMemoryRegistry({ clock }));
  const orchestrator = createOrchestrator({ ...world.deps, token });
  await orchestrator.start();
  client = new TestClient(world.clock, "");
  Object.assign(client, { protocol: undefined });
  orchestrator.accept(client);
}

beforeEach(() => connect());

describe("the predecessor's protocol", () => {
  it("greets, and speaks a text as it is, in frames of 20 ms whose sequence runs on", async () => {
    expect(received()[0]).toMatchObject({ type: "session_start", session_id: expect.stringMatching(/^ws-/) as string });
    send({ type: "text", text: "Hello there" });
    await client.pass(600, "off");
    send({ type: "text", text: "Again", is_final: true });
    await client.pass(600, "off");
    expect(audio().map((message) => message.sequence)).toEqual(audio().map((_, i) => i + 1));
    expect(audio().every((message) => Buffer.from(message.pcm, "base64").length === 1920)).toBe(true);
    expect(audio().filter((message) => message.is_final)).toHaveLength(2);
    expect(world.brain.requests).toEqual([]);
  });

  it("STOP ends the utterance and forgets the waiting ones", async () => {
    send({ type: "text", text: "one two three four five six seven eight" });
    send({ type: "text", text: "waiting" });
    await client.pass(200, "off");
    send({ type: "control", command: "STOP" });
    await settle();
    const count = audio().length;
    await client.pass(1_000, "off");
    expect(audio()).toHaveLength(count);
    send({ type: "text", text: "after" });
    await client.pass(600, "off");
    expect(audio().length).toBeGreaterThan(count);
  });

  it("PAUSE holds the audio back until RESUME", async () => {
    send({ type: "text", text: "one two three four five six seven eight" });
    await client.pass(200, "off");
    send({ type: "control", command: "PAUSE" });
    await client.pass(100, "off");
    const count = audio().length;
    await client.pass(1_000, "off");
    expect(audio()).toHaveLength(count);
    send({ type: "control", command: "RESUME" });
    await client.pass(2_000, "off");
    expect(audio().at(-1)?.is_final).toBe(true);
  });

  it("refuses what is not its protocol with a code, and lives on", async () => {
    client.sendRaw("rubbish");
    send({ type: "text", text: "🎉" });
    send({ type: "control", command: "EXPLODE" });
    expect(received().flatMap((message) => (message.type === "error" ? [message.code] : []))).toEqual([
      "bad-message",
      "text-empty",
      "bad-message",
    ]);
    send({ type: "text", text: "fine" });
    await client.pass(600, "off");
    expect(audio().length).toBeGreaterThan(0);
  });

  it("[P12] is refused where a token is needed", async () => {
    await connect("secret");
    expect(client.closed?.code).toBe(4401);
  });
});
