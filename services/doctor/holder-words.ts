import type { PortHolder } from "./probes";

export function holderWords({ program, pid }: PortHolder): string {
  return pid === undefined ? "another user's program" : `${program ?? "a program"} (process ${pid})`;
}

/** How to find out who it is, or to end it. */
export function holderFix({ pid }: PortHolder, port: number): string {
  return pid === undefined ? `sudo ss -ltnp 'sport = :${port}'` : `kill ${pid}`;
}
