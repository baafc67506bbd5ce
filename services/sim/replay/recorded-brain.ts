import type { TalkEvent } from "#contracts/events/talk-event";
import type { RecordedSettings } from "#contracts/recording/recording";
import { AppError } from "#contracts/errors";
import { sleep } from "#core/lifecycle/sleep";
import type { Brain } from "#core/ports/brain";
import type { Clock } from "#core/ports/clock";
import { wordErrors } from "#core/text/word-error-rate";
import { createEndpointScorer, endpointDelaysAround } from "#core/turn/endpointing";
import { wholeText } from "./judge-conversation";

/** What a brain said in a recording. */
export interface RecordedAnswer {
  question: string;
  /** Heard and unheard; of a turn that was cut, what had come by then. */
  text: string;
  /** From the question to the first word, and from there to the end of the first clause. */
  firstTokenMs: number;
  firstClauseMs: number;
}

/** In order; turns in which the brain had said nothing yet are left out. */
export function recordedAnswers(events: readonly TalkEvent[], { turn: settings }: RecordedSettings): RecordedAnswer[] {
  const scorer = createEndpointScorer(endpointDelaysAround(settings.endpointDelayMs));
  return events.flatMap((event, index): RecordedAnswer[] => {
    if (event.type !== "agent-turn-start") return [];
    const { turn } = event;
    const end = events.find((other) => other.type === "agent-turn-end" && other.turn === turn);
    const told = events.find((other) => other.type === "turn-metrics" && other.metrics.turn === turn);
    const asked = events.slice(0, index).findLast((other) => other.type === "user-transcript-end");
    const text = end?.type === "agent-turn-end" ? wholeText(end) : "";
    if (text === "" || asked?.type !== "user-transcript-end") return [];
    const metrics = told?.type === "turn-metrics" ? told.metrics : { turn };
    const { endpointMs = 0, finalTranscriptMs = endpointMs, brainFirstTokenMs = endpointMs } = metrics;
    const evidence = { text: asked.text, prosody: undefined, cutOffCount: 0 };
    const isPrepared =
      brainFirstTokenMs < endpointMs || (settings.preemptive && scorer.judge(evidence).isWorthPreparing);
    return [
      {
        question: asked.text,
        text,
        firstTokenMs: Math.max(0, brainFirstTokenMs - (isPrepared ? finalTranscriptMs : endpointMs)),
        firstClauseMs: Math.max(0, (metrics.firstClauseMs ?? brainFirstTokenMs) - brainFirstTokenMs),
      },
    ];
  });
}

/** Gives the recorded answer to the recorded question that is nearest to what is asked, as soon as it came then. */
export function createRecordedBrain(options: {
  clock: Clock;
  label: string;
  answers: readonly RecordedAnswer[];
}): Brain {
  const { clock, label, answers } = options;
  return {
    info: { kind: "endpoint", label },
    async *respond({ history, signal }) {
      const answer = chooseAnswer(answers, {
        question: history.at(-1)?.text ?? "",
        answeredCount: history.filter(({ role }) => role === "agent").length,
      });
      if (answer.firstTokenMs > 0) await sleep(clock, answer.firstTokenMs, signal);
      for (const [index, word] of (answer.text.match(/\s*\S+/gu) ?? []).entries()) {
        if (index === 1 && answer.firstClauseMs > 0) await sleep(clock, answer.firstClauseMs, signal);
        if (signal.aborted) throw new AppError("cancelled");
        yield word;
      }
    },
  };
}

const NOTHING: RecordedAnswer = { question: "", text: "", firstTokenMs: 0, firstClauseMs: 0 };

/** Of answers to the same words, the one whose turn it is. */
function chooseAnswer(
  answers: readonly RecordedAnswer[],
  asked: { question: string; answeredCount: number },
): RecordedAnswer {
  const ranked = answers.map((answer, index) => ({
    answer,
    errors: wordErrors(answer.question, asked.question).errors,
    distance: Math.abs(index - asked.answeredCount),
  }));
  ranked.sort((a, b) => a.errors - b.errors || a.distance - b.distance);
  return ranked[0]?.answer ?? NOTHING;
}
