import { once } from "node:events";
import { connect, createServer, type AddressInfo, type Socket } from "node:net";

export interface SwallowingProxy {
  readonly port: number;
  /** From now on nothing passes on any connection, and none is closed: a half-open link. */
  swallow(): void;
  /** New connections pass again; those from before stay dead for ever. */
  heal(): void;
  close(): Promise<void>;
}

/** A TCP proxy on 127.0.0.1 that can lose a network's packets without anybody being told. */
export async function startSwallowingProxy(targetPort: number): Promise<SwallowingProxy> {
  let isSwallowing = false;
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = isSwallowing ? undefined : connect({ host: "127.0.0.1", port: targetPort });
    let isDead = far === undefined;
    for (const socket of [near, ...(far === undefined ? [] : [far])]) {
      sockets.add(socket);
      socket.on("error", () => undefined);
      socket.on("close", () => sockets.delete(socket));
    }
    const forward = (from: Socket, to: Socket): void => {
      from.on("data", (data) => {
        isDead ||= isSwallowing;
        if (!isDead) to.write(data);
      });
      from.on("close", () => {
        if (!isDead) to.destroy();
      });
    };
    if (far === undefined) return void near.resume();
    forward(near, far);
    forward(far, near);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    port: (server.address() as AddressInfo).port,
    swallow: () => void (isSwallowing = true),
    heal: () => void (isSwallowing = false),
    async close() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, "close");
    },
  };
}
