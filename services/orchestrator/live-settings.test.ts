import { beforeEach, describe, expect, it } from "vitest";
import { createMemoryRegistry } from "#adapters/memory-registry/memory-registry";
import type { AdminRequest } from "#contracts/protocol/admin";
import type { SettingsState } from "#contracts/settings/user-settings";
import { AdminClient } from "#core/client/admin-client";
import { connectAdmin } from "#testing/connect-admin";
import { createFakeSettings, type FakeSettings } from "#testing/fake-settings";
import { ask, createHarness, type OrchestratorHarness } from "#testing/orchestrator-harness";
import { createScriptedBrain } from "#testing/scripted-brain";
import { settle } from "#testing/session-bench";
import { createOrchestrator, type Orchestrator } from "./orchestrator";

const ENDPOINT = { kind: "endpoint", url: "http://127.0.0.1:11434/v1", model: "" } as const;

let harness: OrchestratorHarness<Orchestrator>;
let settings: FakeSettings;
let admin: AdminClient;
let chosen: SettingsState[];
let tried: AdminRequest<"brain-test">[];

beforeEach(async () => {
  settings = createFakeSettings();
  chosen = [];
  tried = [];
  const initial = await settings.read();
  harness = await createHarness(
    {
      createRegistry: (clock) => createMemoryRegistry({ clock }),
      createOrchestrator: (deps) =>
        createOrchestrator({
          ...deps,
          admin: {
            redisStatus: () => undefined,
            testRedis: () => Promise.resolve({ roundTripMs: 1, version: "7.0.0" }),
          },
          settings: {
            keeper: settings,
            initial,
            hasMode: true,
            configuredDelays: { endpointDelayMs: 450, minInterruptionMs: 200 },
            chooseBrain(state) {
              chosen.push(state);
              const brain = createScriptedBrain({ clock: deps.clock, answers: [[{ delta: "From the other brain." }]] });
              return Promise.resolve({
                info: { kind: "endpoint", label: "the other brain" },
                respond: (request) => brain.respond(request),
              });
            },
            tryBrain(request) {
              tried.push(request);
              return Promise.resolve({ models: ["m"] });
            },
          },
        }),
    },
    () => ({}),
  );
  const { orchestrator, world } = harness;
  admin = new AdminClient({
    clock: world.clock,
    connect: connectAdmin((connection) => orchestrator.accept(connection)),
  });
  admin.start();
});

describe("settings of a running orchestrator", () => {
  it("[A11] are told without the key", async () => {
    await admin.call("settings-set", { brain: ENDPOINT, brainApiKey: "sk-secret" });
    const view = await admin.call("settings-get", {});
    expect(view).toMatchObject({ hasBrainApiKey: true, brainLabel: "the other brain", secretKeeping: "file" });
    expect(JSON.stringify(view)).not.toContain("sk-secret");
  });

  it("[A12] another brain gives the next answer of a conversation that runs", async () => {
    const client = await harness.started();
    await admin.call("settings-set", { brain: ENDPOINT });
    await ask(client);
    expect(client.last("agent-text-delta").text).toContain("From the other brain.");
    expect(chosen).toHaveLength(1);
  });

  it("[A12] nothing but a change of the brain makes a new one", async () => {
    await admin.call("settings-set", { voice: "tone", turnPreset: "quick" });
    expect(chosen).toEqual([]);
  });

  it("[A12] a patient Parley waits longer in a conversation that runs", async () => {
    const client = await harness.started();
    await admin.call("settings-set", { turnPreset: "patient" });
    await client.pass(800, "loud");
    await client.pass(640);
    expect(client.of("agent-turn-start")).toEqual([]);
    await client.pass(640);
    expect(client.of("agent-turn-start")).toHaveLength(1);
  });

  it("[A12] a conversation that asks for no voice begins with the chosen one", async () => {
    await admin.call("settings-set", { voice: "tone" });
    const client = await harness.started();
    expect(client.last("session-started").voice).toBe("tone");
  });

  it("[A12] a voice that nobody has any more gives way to one that is there", async () => {
    await settings.change({ voice: "of-yesterday" });
    const client = await harness.started();
    expect(client.last("session-started").voice).toBe("flite-slt");
  });

  it("[A13] a voice that no worker has is refused", async () => {
    await expect(admin.call("settings-set", { voice: "nobody" })).rejects.toMatchObject({ code: "unknown-voice" });
    expect((await settings.read()).settings.voice).toBe("flite-slt");
  });

  it("[A13] what cannot be kept is refused by its code, and nothing changes", async () => {
    settings.failNext("file-unreadable");
    await expect(admin.call("settings-set", { brain: ENDPOINT })).rejects.toMatchObject({ code: "file-unreadable" });
    expect((await admin.call("settings-get", {})).brainLabel).not.toBe("the other brain");
  });

  it("[A15] a preview lets a voice say a sentence beside a conversation, and gives its worker back", async () => {
    const client = await harness.started();
    await ask(client);
    const asked = admin.call("voice-preview", { voice: "tone" });
    await client.pass(3_000);
    const { pcm, sampleRateHz } = await asked;
    const samples = new Int16Array(Uint8Array.from(Buffer.from(pcm, "base64")).buffer);
    expect(samples.length / sampleRateHz).toBeCloseTo(1.2, 1);
    expect(samples.some((sample) => sample !== 0)).toBe(true);
    expect(client.last("agent-turn-end").reason).toBe("completed");
    expect((await harness.world.registry.list())[0]?.inUse).toBe(0);
  });

  it("[A15] a preview of a voice that nobody has is refused", async () => {
    await expect(admin.call("voice-preview", { voice: "nobody" })).rejects.toMatchObject({ code: "no-worker" });
  });

  it("[A14] an endpoint is tried with the kept key only where that key belongs", async () => {
    await admin.call("settings-set", { brain: ENDPOINT, brainApiKey: "sk-secret" });
    await admin.call("brain-test", { url: ENDPOINT.url, model: "" });
    await admin.call("brain-test", { url: "https://elsewhere.test/v1", model: "" });
    await admin.call("brain-test", { url: "https://elsewhere.test/v1", model: "", apiKey: "sk-typed" });
    expect(tried.map(({ apiKey }) => apiKey)).toEqual(["sk-secret", undefined, "sk-typed"]);
  });

  it("nothing is told any more once the orchestrator has stopped", async () => {
    await harness.orchestrator.stop({ timeoutMs: 0 });
    await settings.change({ brain: ENDPOINT });
    await settle();
    expect(chosen).toEqual([]);
  });
});
