import { createDeferred } from "#core/lifecycle/deferred";
import { tallyConversation, type Tally } from "#score/measure/tally";
import { playScript, type ConversationRunner, type PlayDeps } from "#score/play-script";
import { composeShortQuestions, type Half } from "#score/user/compose-script";

export interface ManyConversations {
  count: number;
  /** Each asks so many. */
  questions: number;
  half: Half;
  /** Another one: other questions, in other voices. */
  name: string;
}

export interface ManyAnswers {
  /** From the end of each answered question to the first sound, ms. */
  latenciesMs: number[];
  /** Cut off, or without an answer. */
  unanswered: number;
}

const MAX_MS = 90_000;
const SEED = 1;

/** All begin together, when the users' voices have been made. */
export async function talkAtOnce(
  deps: PlayDeps,
  { count, questions, half, name }: ManyConversations,
): Promise<ManyAnswers> {
  const runner = startTogether(deps.runner, count);
  const conversations = Array.from({ length: count }, (_, index) =>
    playScript(
      { ...deps, runner },
      {
        name: `sessions ${name} ${index}`,
        seed: SEED,
        half,
        room: "headphones",
        compose: (compose) => composeShortQuestions(compose, questions),
        maxMs: MAX_MS,
      },
    ),
  );
  return readAnswers((await Promise.all(conversations)).map(tallyConversation));
}

function readAnswers(tallies: readonly Tally[]): ManyAnswers {
  const outcomes = tallies.flatMap((tally) => tally.questions.map(({ outcome }) => outcome));
  const latenciesMs = outcomes.flatMap((outcome) => (outcome.type === "answered" ? [outcome.latencyMs] : []));
  return { latenciesMs, unanswered: outcomes.length - latenciesMs.length };
}

function startTogether(runner: ConversationRunner, count: number): ConversationRunner {
  const allHere = createDeferred<void>();
  let waiting = 0;
  return {
    async hold(conversation) {
      waiting++;
      if (waiting === count) allHere.resolve();
      await allHere.promise;
      return runner.hold(conversation);
    },
  };
}
