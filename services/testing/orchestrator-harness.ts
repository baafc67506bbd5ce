import type { ClientConnection } from "#core/ports/client-connection";
import type { WorkerRegistry } from "#core/ports/worker-registry";
import type { FakeClock } from "./fake-clock";
import { createOrchestratorWorld } from "./orchestrator-world";
import { settle, TestClient } from "./session-bench";

export type World = Awaited<ReturnType<typeof createOrchestratorWorld>>;

interface TestedOrchestrator {
  accept(connection: ClientConnection): void;
  start(): Promise<void>;
}

export interface OrchestratorHarness<Tested extends TestedOrchestrator> {
  readonly world: World;
  readonly orchestrator: Tested;
  connect(): TestClient;
  /** A client whose session runs. */
  started(): Promise<TestClient>;
}

/** Builds what is tested upon a world of fakes; the test passes the factories, so that this file needs no layer above core. */
export async function createHarness<Tested extends TestedOrchestrator>(
  factories: {
    createRegistry: (clock: FakeClock) => WorkerRegistry;
    createOrchestrator: (deps: World["deps"]) => Tested;
  },
  change: (deps: World["deps"]) => Partial<World["deps"]> = () => ({}),
): Promise<OrchestratorHarness<Tested>> {
  const world = await createOrchestratorWorld(factories.createRegistry);
  const orchestrator = factories.createOrchestrator({ ...world.deps, ...change(world.deps) });
  await orchestrator.start();
  const connect = (): TestClient => {
    const client = new TestClient(world.clock, "parley.v1");
    orchestrator.accept(client);
    return client;
  };
  return {
    world,
    orchestrator,
    connect,
    async started() {
      const client = connect();
      client.start();
      await settle();
      return client;
    },
  };
}

/** The user says something long enough and waits for the answer to begin. */
export async function ask(client: TestClient): Promise<void> {
  await client.pass(800, "loud");
  await client.pass(700);
}

/** An answer of twelve words, which the fake voice speaks for 2.4 s. */
export const LONG_ANSWER = [{ delta: "One two three four five six seven eight nine ten eleven twelve." }];
