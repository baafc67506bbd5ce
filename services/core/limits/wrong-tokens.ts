import type { Clock } from "../ports/clock";
import { RateLimiter } from "./rate-limiter";

/** A person mistypes a few times; a program that guesses is left with one guess in 3 s. */
const BURST = 20;
const PER_SECOND = 1 / 3;
/** Of those that guess least recently the oldest is forgotten. */
const MAX_ADDRESSES = 4_096;

/** Counts the wrong tokens of each address, so that guessing is slow. Where all come by one proxy, they share a count. */
export class WrongTokens {
  readonly #clock: Pick<Clock, "nowMs">;
  readonly #limiters = new Map<string, RateLimiter>();

  constructor(clock: Pick<Clock, "nowMs">) {
    this.#clock = clock;
  }

  get addressCount(): number {
    return this.#limiters.size;
  }

  /** False: no token of this address is looked at now, not the right one either. */
  mayTry(address: string | undefined): boolean {
    return this.#limiters.get(networkOf(address))?.mayTake(this.#clock.nowMs()) ?? true;
  }

  count(address: string | undefined): void {
    const network = networkOf(address);
    const nowMs = this.#clock.nowMs();
    const limiter = this.#limiters.get(network) ?? new RateLimiter({ perSecond: PER_SECOND, burst: BURST, nowMs });
    limiter.take(nowMs);
    // The last of the map is the latest to guess.
    this.#limiters.delete(network);
    this.#limiters.set(network, limiter);
    const [oldest] = this.#limiters.keys();
    if (this.#limiters.size > MAX_ADDRESSES && oldest !== undefined) this.#limiters.delete(oldest);
  }
}

/** One computer has a whole /64 of IPv6 addresses. IPv4 inside IPv6 is that IPv4 address. */
function networkOf(address = ""): string {
  const v4 = /^::ffff:([\d.]+)$/i.exec(address)?.[1];
  if (v4 !== undefined || !address.includes(":")) return v4 ?? address;
  const [head, tail] = address.split("::", 2).map((part) => part.split(":").filter((group) => group !== ""));
  const before = head ?? [];
  const zeros = tail === undefined ? 0 : 8 - before.length - tail.length;
  return [...before, ...Array<string>(Math.max(0, zeros)).fill("0"), ...(tail ?? [])].slice(0, 4).join(":");
}
