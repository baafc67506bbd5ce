import { createWsConnector } from "#adapters/ws-client/ws-connector";
import { systemClock } from "#adapters/system/system-clock";
import { AppError, type ErrorCode } from "#contracts/errors";
import { SessionClient } from "#core/client/session-client";
import { sleep } from "#core/lifecycle/sleep";
import { single, spread, type Measure } from "#score/figures/measure";
import type { Half } from "#score/user/compose-script";
import { withOwnParley } from "../../bin/own-parley";
import type { OwnHost } from "../../bin/own-host";
import { defaultMaxSessions } from "../../bin/run-orchestrator";
import type { BenchmarkContext } from "../benchmark";
import { readValue } from "../prometheus-text";
import { talkAtOnce } from "./many-conversations";

const QUESTIONS = 3;
const MORE = 5;
const LOOK_MS = 100;

/** As many conversations as a Parley takes unless it is told otherwise, and while they talk a few more that it must refuse. */
export function measureAtTheLimit(
  context: BenchmarkContext,
  { half, goalMs }: { half: Half; goalMs: number },
): Promise<Record<string, Measure>> {
  const limit = defaultMaxSessions();
  return withOwnParley(context, async (deps, host) => {
    const talking = talkAtOnce(deps, { count: limit, questions: QUESTIONS, half, name: "at the limit" });
    const refusals = untilAllTalk(host, limit).then(() =>
      Promise.all(Array.from({ length: MORE }, () => tryOne(host))),
    );
    const [{ latenciesMs, unanswered }, codes] = await Promise.all([talking, refusals]);
    return {
      [`default limit, ${limit} conversations: first-audio latency`]: {
        ...spread("ms", latenciesMs, { of: "p95", limits: { atMost: goalMs } }),
        n: latenciesMs.length,
      },
      "default limit: questions cut off or without an answer": single("questions", unanswered),
      [`default limit: of ${MORE} more, refused with at-capacity`]: single(
        "conversations",
        codes.filter((code) => code === "at-capacity").length,
        { atLeast: MORE },
      ),
    };
  });
}

/** They begin together, once the users' voices have been made. */
async function untilAllTalk(host: OwnHost, count: number): Promise<void> {
  for (;;) {
    const metrics = await (await fetch(`${host.httpUrl}/metrics`)).text();
    if (readValue(metrics, "parley_sessions") >= count) return;
    await sleep(systemClock, LOOK_MS, new AbortController().signal);
  }
}

/** The code with which a conversation is refused; undefined when it is not. */
async function tryOne({ url }: OwnHost): Promise<ErrorCode | undefined> {
  const client = new SessionClient({ connect: createWsConnector(url), clock: systemClock });
  try {
    await client.start({ sampleRateHz: 48_000, token: undefined, voice: undefined });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  } finally {
    client.bye();
  }
}
