import type { OverlapVerdict } from "#contracts/protocol/server-message";
import type { Disposable } from "#core/lifecycle/disposable";
import type { Clock } from "#core/ports/clock";
import { SpeechLevel } from "#core/speech/speech-level";
import type { OverlapJudge, OverlapJudgement } from "#core/turn/overlap";
import { judgeOverlapWords } from "#core/turn/overlap-words";
import type { MicWindow } from "./user-listener";

/** Less speech than this gives no word that could be understood, ms. */
const MIN_HEARD_MS = 120;
/** A new transcript is asked for when there is so much more speech: two windows. */
const HEARD_STEP_MS = 64;
/** What is still undecided after this long is looked at less often, ms. */
const LONG_OVERLAP_MS = 1_500;
const LONG_OVERLAP_STEP_MS = 400;
/** Speech without a clear word that ends so early is often the beginning of more, ms; meanwhile the agent is only ducked. */
const EARLY_END_MS = 200;
/** Speech so soon after side talk is more of it, ms. */
const SIDE_TALK_GAP_MS = 1_000;
/** Ears that have not answered so long after the end of the speech are not waited for, ms. */
const SETTLE_TIMEOUT_MS = 600;

export interface JudgedOverlap {
  verdict: OverlapVerdict;
  /** What was understood; empty when nothing was. */
  text: string;
  /** From the onset of the speech to the verdict. */
  reactionMs: number;
}

export interface OverlapWatchDeps {
  judge: OverlapJudge;
  clock: Clock;
  /** Transcribes the overlap as it is so far. */
  hear(): Promise<string>;
  /** How loud this user's turns usually are, dBFS. */
  usualLevelDb(): number | undefined;
  /** How likely the agent itself said this, 0 to 1 [E7]; absent where nobody compares. */
  echoRatio?(transcript: string): number;
  onVerdict(judged: JudgedOverlap): void;
  /** Told when it changes. */
  onDoubt(isDoubtful: boolean): void;
}

interface Watched {
  onsetAtMs: number | undefined;
  leadMs: number;
  level: SpeechLevel;
  /** From the onset to the start of the piece of speech that goes on, silences included; and the length of that piece. */
  earlierSpeechMs: number;
  currentSpeechMs: number;
  silenceMs: number;
  transcripts: string[];
  /** Speech that is covered by the decode asked for last, and by the last transcript. */
  askedMs: number;
  heardMs: number;
  isHearing: boolean;
  isOver: boolean;
  isTimedOut: boolean;
  timeout: Disposable | undefined;
  /** Until it ends, speech without a clear word that has ended may still be the beginning of more. */
  grace: Disposable | undefined;
  told: OverlapVerdict | undefined;
  wasSideTalk: boolean;
  isDoubtful: boolean;
}

/** Gathers the evidence on one overlap at a time, with transcripts that come much faster than a turn's, and has it judged. */
export class OverlapWatch implements Disposable {
  readonly #deps: OverlapWatchDeps;
  #watched: Watched | undefined;
  #maskedMs = 0;
  /** When some was heard last. */
  #sideTalkAtMs = -Infinity;

  constructor(deps: OverlapWatchDeps) {
    this.#deps = deps;
  }

  /** Speech over the agent has begun, or goes on after a short silence. */
  begin(): void {
    this.#endTimers();
    this.#watched ??= {
      onsetAtMs: undefined,
      leadMs: 0,
      level: new SpeechLevel(),
      earlierSpeechMs: 0,
      currentSpeechMs: 0,
      silenceMs: 0,
      transcripts: [],
      askedMs: 0,
      heardMs: 0,
      isHearing: false,
      isOver: false,
      isTimedOut: false,
      timeout: undefined,
      grace: undefined,
      told: undefined,
      wasSideTalk: this.#deps.clock.nowMs() - this.#sideTalkAtMs <= SIDE_TALK_GAP_MS,
      isDoubtful: false,
    };
    this.#watched.isOver = false;
  }

  /** Every window of the microphone while an overlap is watched, after it was given to `hear`. */
  addWindow({ samples, speechMs, silenceMs, leadMs = 0 }: MicWindow): void {
    const watched = this.#watched;
    if (watched === undefined || watched.isOver) return;
    const startedAtMs = this.#deps.clock.nowMs() - speechMs - silenceMs;
    if (watched.onsetAtMs === undefined) watched.leadMs = leadMs;
    watched.onsetAtMs ??= startedAtMs;
    if (speechMs < watched.currentSpeechMs) watched.earlierSpeechMs = startedAtMs - watched.onsetAtMs;
    watched.currentSpeechMs = speechMs;
    watched.silenceMs = silenceMs;
    if (silenceMs === 0) watched.level.add(samples);
    const newMs = speechMsOf(watched) - watched.askedMs;
    const stepMs = speechMsOf(watched) > LONG_OVERLAP_MS ? LONG_OVERLAP_STEP_MS : HEARD_STEP_MS;
    if (newMs >= stepMs || (newMs > 0 && silenceMs > 0)) void this.#hear(watched);
    this.#judge(watched);
  }

  /** The speech has ended: a verdict follows. */
  settle(): void {
    const watched = this.#watched;
    if (watched === undefined) return;
    watched.isOver = true;
    watched.timeout = this.#deps.clock.setTimer(SETTLE_TIMEOUT_MS, () => {
      watched.isTimedOut = true;
      this.#judge(watched);
    });
    if (!watched.isDoubtful)
      watched.grace = this.#deps.clock.setTimer(EARLY_END_MS, () => {
        watched.grace = undefined;
        this.#judge(watched);
      });
    if (speechMsOf(watched) > watched.askedMs) void this.#hear(watched);
    this.#judge(watched);
  }

  /** How long the user had been heard over the agent when it was last in doubt. */
  get maskedMs(): number {
    return this.#maskedMs;
  }

  /** No verdict is wanted any more. */
  cancel(): void {
    this.#endTimers();
    this.#watched = undefined;
  }

  #endTimers(): void {
    this.#watched?.timeout?.dispose();
    this.#watched?.grace?.dispose();
    if (this.#watched !== undefined) this.#watched.grace = undefined;
  }

  dispose(): void {
    this.cancel();
  }

  async #hear(watched: Watched): Promise<void> {
    if (watched.isHearing || speechMsOf(watched) < MIN_HEARD_MS) return;
    watched.isHearing = true;
    const askedMs = speechMsOf(watched);
    watched.askedMs = askedMs;
    try {
      watched.transcripts.push(await this.#deps.hear());
      watched.heardMs = askedMs;
    } catch {
      // The transcript of the turn tells of ears that fail; here the judge does without words.
    }
    watched.isHearing = false;
    if (this.#watched !== watched) return;
    this.#judge(watched);
    if (this.#watched === watched && watched.isOver && speechMsOf(watched) > watched.askedMs) void this.#hear(watched);
  }

  #judge(watched: Watched): void {
    const isHeard =
      !watched.isHearing && (speechMsOf(watched) === watched.askedMs || speechMsOf(watched) < MIN_HEARD_MS);
    const verdict = this.#deps.judge.judge({
      speechMs: speechMsOf(watched),
      silenceMs: watched.silenceMs,
      leadMs: watched.leadMs,
      isOver: watched.isOver && (isHeard || watched.isTimedOut),
      transcripts: watched.transcripts,
      isHeard,
      heardMs: watched.heardMs,
      wasSideTalk: watched.wasSideTalk,
      levelDb: watched.level.levelDb,
      usualLevelDb: this.#deps.usualLevelDb(),
      zeroCrossingRatio: watched.level.zeroCrossingRatio,
      echoRatio: this.#deps.echoRatio?.(watched.transcripts.at(-1) ?? ""),
    });
    if (verdict === "side-talk") {
      watched.wasSideTalk = true;
      this.#sideTalkAtMs = this.#deps.clock.nowMs();
    }
    if (watched.grace !== undefined && mayBeMore(watched, verdict)) return;
    if (verdict !== "undecided" && verdict !== "doubtful") return this.#tell(watched, verdict);
    const isDoubtful = verdict === "doubtful";
    if (watched.isDoubtful === isDoubtful || watched.isOver) return;
    watched.isDoubtful = isDoubtful;
    if (isDoubtful) this.#maskedMs = this.#sinceOnsetMs(watched);
    this.#deps.onDoubt(isDoubtful);
  }

  #sinceOnsetMs({ onsetAtMs }: Watched): number {
    const nowMs = this.#deps.clock.nowMs();
    return nowMs - (onsetAtMs ?? nowMs);
  }

  #tell(watched: Watched, verdict: OverlapVerdict): void {
    const isFinal = watched.isOver || verdict === "interruption";
    if (watched.told === verdict && !isFinal) return;
    watched.told = verdict;
    const reactionMs = this.#sinceOnsetMs(watched);
    if (isFinal) this.cancel();
    this.#deps.onVerdict({ verdict, text: watched.transcripts.at(-1) ?? "", reactionMs });
  }
}

function speechMsOf(watched: Watched): number {
  return watched.earlierSpeechMs + watched.currentSpeechMs;
}

/** What listeners say, and what is clearly meant for somebody else, is whole. */
function mayBeMore({ transcripts }: Watched, verdict: OverlapJudgement): boolean {
  const words = judgeOverlapWords(transcripts.at(-1) ?? "");
  return verdict !== "interruption" && (words === "none" || (verdict === "backchannel" && words !== "backchannel"));
}
