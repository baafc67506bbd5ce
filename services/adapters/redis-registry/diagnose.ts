import { AppError } from "#contracts/errors";
import type { Clock } from "#core/ports/clock";
import { askPlainly, speaksTls, whyTlsEnds } from "./ask-raw";
import type { RedisAddress } from "./redis-address";
import { toRedisError } from "./redis-errors";

/**
 * Why a connection could not be made, in the user's words. A connection that breaks or stays silent says nothing by
 * itself: then the server is asked without and with TLS, which takes up to 0.8 s more.
 */
export async function diagnose(error: unknown, address: RedisAddress, clock: Clock): Promise<AppError> {
  const known = toRedisError(error, address.shown);
  if (known.code !== "redis-unreachable" || saysWhy(error)) return known;
  if (address.place.type !== "server") return known;
  const target = { ...address.place.node, clock };
  const answer = await askPlainly(target);
  const detail = answer === undefined ? address.shown : `${address.shown}: ${answer.slice(0, 200)}`;
  const because = (code: ConstructorParameters<typeof AppError>[0]): AppError =>
    new AppError(code, { detail, cause: error });
  if (answer?.startsWith("-DENIED") === true) return because("redis-protected");
  if (answer?.startsWith("-ERR max number of clients") === true) return because("redis-full");
  if (address.isTls)
    return answer === undefined
      ? toRedisError((await whyTlsEnds(target)) ?? error, address.shown)
      : because("redis-without-tls");
  return answer === undefined && (await speaksTls(target)) ? because("redis-needs-tls") : known;
}

/** A socket error whose code tells all there is to know. */
function saysWhy(error: unknown): boolean {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return code === "ECONNREFUSED" || code === "ENOENT" || code === "EACCES";
}
