import { CloseCode } from "#contracts/protocol/limits";
import type { WrongTokens } from "#core/limits/wrong-tokens";
import { isSameSecret } from "./same-secret";

export interface TokenDoor {
  /** Secret that clients must show; undefined on loopback without one. */
  token: string | undefined;
  /** Of all doors that ask for this token. */
  wrongTokens: WrongTokens;
}

type Refusal = "unauthorized" | "too-many-wrong-tokens";

export const TOKEN_CLOSES: Readonly<Record<Refusal, number>> = {
  "unauthorized": CloseCode.unauthorized,
  "too-many-wrong-tokens": CloseCode.rateLimited,
};

/** Why the one at `address` may not come in; undefined: it may. None given is no guess. */
export function refusalOf(
  { token, wrongTokens }: TokenDoor,
  given: string | undefined,
  address: string | undefined,
): Refusal | undefined {
  if (token === undefined) return undefined;
  if (given === undefined || given === "") return "unauthorized";
  if (!wrongTokens.mayTry(address)) return "too-many-wrong-tokens";
  if (isSameSecret(token, given)) return undefined;
  wrongTokens.count(address);
  return "unauthorized";
}
