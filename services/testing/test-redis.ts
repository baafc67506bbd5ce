import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";

export interface TestRedis {
  readonly port: number;
  /** Without the password. */
  readonly url: string;
  readonly process: ChildProcess;
  /** SIGKILL, and gone when this resolves. */
  stop(): Promise<void>;
}

export interface TestRedisOptions {
  port?: number;
  /** Lines of redis.conf, after the defaults. */
  config?: readonly string[];
}

/** A real redis-server of the system for one test: loopback, no persistence. Fails clearly where there is none. */
export async function startTestRedis(options: TestRedisOptions = {}): Promise<TestRedis> {
  const port = options.port ?? (await findFreePort());
  const child = spawn("redis-server", ["-"], { stdio: ["pipe", "pipe", "inherit"] });
  // Replication writes a snapshot all the same, which the next server there would read.
  const snapshot = `parley-test-${port}.rdb`;
  const place = [`dir ${tmpdir()}`, `dbfilename ${snapshot}`];
  const config = ["bind 127.0.0.1", `port ${port}`, 'save ""', "appendonly no", ...place, ...(options.config ?? [])];
  child.stdin.end(`${config.join("\n")}\n`);
  const ended = new Promise<void>((resolve) => {
    child.once("exit", () => resolve());
    child.once("error", () => resolve());
  });
  const lines: string[] = [];
  const isReady = await new Promise<boolean>((resolve) => {
    void ended.then(() => resolve(false));
    createInterface(child.stdout).on("line", (line) => {
      lines.push(line);
      if (line.includes("Ready to accept connections")) resolve(true);
    });
  });
  if (!isReady)
    throw new Error(
      `redis-server did not start; these tests need it on the PATH (apt-get install redis-server)\n${lines.join("\n")}`,
    );
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    process: child,
    async stop() {
      child.kill("SIGKILL");
      await ended;
      await rm(path.join(tmpdir(), snapshot), { force: true });
    },
  };
}

/** A port of 127.0.0.1 that nothing listened on a moment ago. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
