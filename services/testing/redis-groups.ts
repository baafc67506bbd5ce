import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { Redis } from "ioredis";
import { findFreePort, startTestRedis, type TestRedis } from "./test-redis";

export const SENTINEL_NAME = "parley-test";

export interface SentinelGroup {
  master: TestRedis;
  replica: TestRedis;
  /** As Parley is given it. */
  url: string;
  stop(): Promise<void>;
}

/** A master, a replica and three real Sentinels that call the master down after 1 s. */
export async function startSentinelGroup(): Promise<SentinelGroup> {
  const master = await startTestRedis();
  const replica = await startTestRedis({ config: [`replicaof 127.0.0.1 ${master.port}`] });
  const folder = await mkdtemp(path.join(tmpdir(), "parley-sentinel-"));
  const sentinels = await Promise.all([0, 1, 2].map((index) => startSentinel(folder, { index, master: master.port })));
  const stop = async (): Promise<void> => {
    await Promise.all([master.stop(), replica.stop(), ...sentinels.map(({ process }) => kill(process))]);
    await rm(folder, { recursive: true, force: true });
  };
  try {
    for (const { port } of sentinels) {
      await untilAnswer(port, async (client) => {
        const [found] = (await client.call("SENTINEL", "masters")) as string[][];
        const facts = new Map(pairsOf(found ?? []));
        return facts.get("num-slaves") === "1" && facts.get("num-other-sentinels") === "2";
      });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(",");
  return { master, replica, url: `redis+sentinel://${hosts}/${SENTINEL_NAME}`, stop };
}

async function startSentinel(
  folder: string,
  { index, master }: { index: number; master: number },
): Promise<{ port: number; process: ChildProcess }> {
  const port = await findFreePort();
  // A Sentinel rewrites its file, so it cannot be given by standard input.
  const file = path.join(folder, `sentinel-${index}.conf`);
  const lines = [
    `port ${port}`,
    "bind 127.0.0.1",
    `sentinel monitor ${SENTINEL_NAME} 127.0.0.1 ${master} 2`,
    `sentinel down-after-milliseconds ${SENTINEL_NAME} 1000`,
    `sentinel failover-timeout ${SENTINEL_NAME} 5000`,
  ];
  await writeFile(file, `${lines.join("\n")}\n`);
  return { port, process: spawn("redis-server", [file, "--sentinel"], { stdio: "ignore" }) };
}

export interface TestCluster {
  readonly nodes: readonly TestRedis[];
  url: string;
  /** Starts a node that was stopped, at its place. It has lost its data, and knows the others. */
  restart(index: number): Promise<void>;
  stop(): Promise<void>;
}

const SLOT_COUNT = 16_384;

/** Three masters, each with a third of the slots. */
export async function startTestCluster(): Promise<TestCluster> {
  const folder = await mkdtemp(path.join(tmpdir(), "parley-cluster-"));
  const startNode = (index: number, port?: number): Promise<TestRedis> => {
    const config = ["cluster-enabled yes", `cluster-config-file ${path.join(folder, `node-${index}.conf`)}`];
    return startTestRedis({
      ...(port === undefined ? {} : { port }),
      config: [...config, "cluster-node-timeout 2000"],
    });
  };
  const nodes = await Promise.all([0, 1, 2].map((index) => startNode(index)));
  const stop = async (): Promise<void> => {
    await Promise.all(nodes.map((node) => node.stop()));
    await rm(folder, { recursive: true, force: true });
  };
  const [first, ...others] = nodes;
  try {
    await Promise.all(
      nodes.map(({ port }, index) =>
        withClient(port, async (client) => {
          const from = Math.floor((index * SLOT_COUNT) / nodes.length);
          const to = Math.floor(((index + 1) * SLOT_COUNT) / nodes.length) - 1;
          await client.call("CLUSTER", "SET-CONFIG-EPOCH", index + 1);
          await client.call("CLUSTER", "ADDSLOTSRANGE", from, to);
        }),
      ),
    );
    await withClient(first?.port ?? 0, async (client) => {
      for (const { port } of others) await client.call("CLUSTER", "MEET", "127.0.0.1", port);
    });
    for (const { port } of nodes) {
      await untilAnswer(port, async (client) => {
        const info = String(await client.call("CLUSTER", "INFO"));
        return info.includes("cluster_state:ok") && info.includes("cluster_known_nodes:3");
      });
    }
  } catch (error) {
    await stop();
    throw error;
  }
  const restart = async (index: number): Promise<void> => {
    nodes[index] = await startNode(index, nodes[index]?.port);
  };
  return { nodes, restart, url: `redis+cluster://${nodes.map(({ port }) => `127.0.0.1:${port}`).join(",")}`, stop };
}

async function withClient<T>(port: number, use: (client: Redis) => Promise<T>): Promise<T> {
  const client = new Redis({ port, enableReadyCheck: false, disableClientInfo: true });
  client.on("error", () => undefined);
  try {
    return await use(client);
  } finally {
    client.disconnect();
  }
}

async function untilAnswer(port: number, isReady: (client: Redis) => Promise<boolean>): Promise<void> {
  await withClient(port, async (client) => {
    for (let round = 0; round < 300; round += 1) {
      if (await isReady(client).catch(() => false)) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error(`the server on port ${port} did not become ready`);
  });
}

async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill("SIGKILL");
  await once(child, "exit");
}

function pairsOf(flat: readonly string[]): [string, string][] {
  return flat.flatMap((name, index) => (index % 2 === 0 ? [[name, flat[index + 1] ?? ""] as [string, string]] : []));
}
