import type { TalkEvent } from "#contracts/events/talk-event";
import type { ConversationState, WordTiming } from "#contracts/protocol/server-message";
import { dbToGain, VOICE_SAMPLE_RATE_HZ } from "#contracts/units";
import { rms } from "#core/audio/pcm";
import type { SimulatedMicrophoneContext } from "#core/talk/simulated-microphone";

/** The agent's voice is 30 dB above this, ducked it is 18 dB above. */
const AUDIBLE_RMS = dbToGain(-50);

/** What the scripted user makes of the agent: mostly by ear. */
export class AgentView {
  #atMs = 0;
  #readEvents = 0;
  #state: ConversationState = "listening";
  #isAudible = false;
  /** Since when it has been audible or silent without a break. */
  #changedAtMs = 0;
  #soundEndedAtMs = 0;
  #playout: { startedAtMs: number; positionSamples: number } | undefined;
  #turnText = "";
  #lastWord: WordTiming | undefined;

  /** Once for each frame. */
  update({ atMs, played, events }: SimulatedMicrophoneContext): void {
    this.#atMs = atMs;
    const isAudible = rms(played) > AUDIBLE_RMS;
    const frameMs = (played.length * 1000) / VOICE_SAMPLE_RATE_HZ;
    if (isAudible !== this.#isAudible) this.#changedAtMs = atMs - frameMs;
    if (isAudible) this.#soundEndedAtMs = atMs;
    this.#isAudible = isAudible;
    for (; this.#readEvents < events.length; this.#readEvents++) {
      const event = events[this.#readEvents];
      if (event !== undefined) this.#note(event);
    }
  }

  get isAudible(): boolean {
    return this.#isAudible;
  }

  /** How long it has been audible or silent without a break, ms. */
  get unchangedMs(): number {
    return this.#atMs - this.#changedAtMs;
  }

  get silentMs(): number {
    return this.#atMs - this.#soundEndedAtMs;
  }

  /** Silent, and nothing to be expected. */
  get isQuiet(): boolean {
    return this.#state === "listening" && this.#playout === undefined && !this.#isAudible;
  }

  /** In the middle of a turn, pauses included: since when, ms. */
  get turnSinceMs(): number | undefined {
    return this.#playout?.startedAtMs;
  }

  /** The last word of the turn is sounding. */
  get isAtLastWord(): boolean {
    const word = this.#lastWord;
    if (this.#playout === undefined || word === undefined || !this.#isAudible) return false;
    const position =
      this.#playout.positionSamples + ((this.#atMs - this.#playout.startedAtMs) * VOICE_SAMPLE_RATE_HZ) / 1000;
    return position >= word.startSample && word.textEnd >= this.#turnText.trimEnd().length - 1;
  }

  #note(event: TalkEvent): void {
    if (event.type === "state") this.#state = event.state;
    if (event.type === "agent-playout-start")
      this.#playout = { startedAtMs: event.atMs, positionSamples: event.positionSamples };
    if (event.type === "agent-playout-end") this.#playout = undefined;
    if (event.type === "agent-turn-start") {
      this.#turnText = "";
      this.#lastWord = undefined;
    }
    if (event.type === "agent-text-delta") this.#turnText += event.text;
    if (event.type === "agent-word-timings") this.#lastWord = event.words.at(-1) ?? this.#lastWord;
  }
}
