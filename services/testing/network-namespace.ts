import { spawnSync } from "node:child_process";

/** A second computer's network on this one: a namespace behind a cable of its own. Linux, root and iproute2. */
export interface NetworkNamespace {
  readonly name: string;
  /** This side's address. */
  readonly nearHost: string;
  /** The other side's. */
  readonly farHost: string;
  /** Cuts the cable, or mends it. */
  setLink(state: "up" | "down"): void;
  remove(): void;
}

function ip(...args: string[]): string | undefined {
  const { status, stderr, error } = spawnSync("ip", args, { encoding: "utf8" });
  return status === 0 ? undefined : `ip ${args.join(" ")}: ${error?.message ?? stderr.trim()}`;
}

/** Why none can be made here; undefined where it can. */
export function namespaceProblem(): string | undefined {
  const name = `parley-try-${process.pid}`;
  const problem = ip("netns", "add", name);
  if (problem === undefined) ip("netns", "del", name);
  return problem;
}

export function createNamespace(): NetworkNamespace {
  const id = process.pid % 16_384;
  const [name, near, far] = [`parley-${process.pid}`, `pn${process.pid}`, `pf${process.pid}`];
  // A /30 of its own in 10.213.0.0/16 for each test process.
  const net = `10.213.${id >> 6}`;
  const first = (id & 63) * 4;
  const [nearHost, farHost] = [`${net}.${first + 1}`, `${net}.${first + 2}`];
  const steps = [
    ["netns", "add", name],
    ["link", "add", near, "type", "veth", "peer", "name", far, "netns", name],
    ["addr", "add", `${nearHost}/30`, "dev", near],
    ["link", "set", near, "up"],
    ["-n", name, "addr", "add", `${farHost}/30`, "dev", far],
    ["-n", name, "link", "set", far, "up"],
    ["-n", name, "link", "set", "lo", "up"],
  ];
  const remove = (): void => void ip("netns", "del", name);
  for (const step of steps) {
    const problem = ip(...step);
    if (problem === undefined) continue;
    remove();
    throw new Error(problem);
  }
  return { name, nearHost, farHost, setLink: (state) => void ip("link", "set", near, state), remove };
}
