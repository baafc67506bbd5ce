import { once } from "node:events";
import net from "node:net";

export interface DroppingProxy {
  /** ws:// of the proxy. */
  readonly url: string;
  /** Breaks one of the connections that go through it, without a word; false when there is none. */
  dropOne(random: () => number): boolean;
  close(): Promise<void>;
}

/** A way to `url` (ws://host:port/) whose connections can be broken as a network breaks them. */
export async function startDroppingProxy(url: string): Promise<DroppingProxy> {
  const target = new URL(url);
  const pairs = new Set<() => void>();
  const server = net.createServer((near) => {
    const far = net.connect(Number(target.port), target.hostname);
    const end = (): void => {
      pairs.delete(end);
      near.destroy();
      far.destroy();
    };
    pairs.add(end);
    for (const socket of [near, far]) socket.setNoDelay(true).on("error", end).on("close", end);
    near.pipe(far).pipe(near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as net.AddressInfo;
  return {
    url: `ws://127.0.0.1:${port}/`,
    dropOne(random) {
      const end = [...pairs][Math.floor(random() * pairs.size)];
      end?.();
      return end !== undefined;
    },
    async close() {
      for (const end of [...pairs]) end();
      server.close();
      await once(server, "close");
    },
  };
}
