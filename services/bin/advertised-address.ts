import type { NetworkInterfaceInfo } from "node:os";
import { AppError } from "#contracts/errors";

export interface AddressToAdvertise {
  /** Address that the worker is bound to. */
  host: string;
  port: number;
  /** host:port as configured; empty: to be found. */
  advertise: string;
  interfaces: Readonly<Record<string, NetworkInterfaceInfo[] | undefined>>;
}

const WILDCARDS: ReadonlySet<string> = new Set(["0.0.0.0", "::", "[::]"]);

/**
 * host:port under which orchestrators reach a worker. Bound to all addresses, it is the first of this computer in the
 * network. Throws `bad-config` when there is none, or when the configured one cannot be reached from elsewhere.
 */
export function advertisedAddress({ host, port, advertise, interfaces }: AddressToAdvertise): string {
  if (advertise !== "") {
    const match = /^([\w.-]+|\[[\da-fA-F:.%\w]+\]):(\d{1,5})$/.exec(advertise);
    const advertisedPort = Number(match?.[2] ?? 0);
    if (WILDCARDS.has(match?.[1] ?? "") || advertisedPort < 1 || advertisedPort > 65_535)
      throw new AppError("bad-config", { detail: `--advertise ${advertise}: give a host:port that others can reach` });
    return advertise;
  }
  if (!WILDCARDS.has(host)) return `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const own = Object.values(interfaces)
    .flatMap((addresses) => addresses ?? [])
    .find(({ internal, family }) => !internal && family === "IPv4");
  if (own === undefined)
    throw new AppError("bad-config", {
      detail: "this computer has no address in a network: give --advertise host:port",
    });
  return `${own.address}:${port}`;
}
