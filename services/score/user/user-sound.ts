/** What the scripted user does that can be heard. */
export type UserEventKind =
  /** Asks for an answer while the agent is silent. */
  | "question"
  /** Wants the floor while the agent speaks. */
  | "interruption"
  /** Says over the agent that it may go on. */
  | "backchannel"
  /** Coughs, clears the throat, types; a door, a hum. */
  | "noise"
  /** Speech that is not meant for the agent. */
  | "side-talk"
  /** Says once more what was not obeyed; not scored. */
  | "insistence";

/** Places in samples from the start. */
export interface SampleSpan {
  startSample: number;
  endSample: number;
}

/** A sound at 16 kHz that starts with its onset and ends with its end. */
export interface UserSound {
  kind: UserEventKind;
  /** Of which sort, for instance "stop word" or "cough". */
  detail: string;
  /** What is said; empty for what has no words. */
  text: string;
  voice: string;
  /** Level of its sounding parts at the microphone, dBFS. */
  levelDb: number;
  samples: Float32Array;
  /** Silences in the middle of a turn. */
  pauses: readonly SampleSpan[];
}

/** A sound as it was made in a conversation. Instants on the conversation's clock, whose 0 is the first microphone sample. */
export interface UserEvent extends Omit<UserSound, "samples" | "pauses"> {
  /** Acoustic onset and end in the microphone signal. */
  startMs: number;
  endMs: number;
  pauses: readonly { startMs: number; endMs: number }[];
  /** The agent was in the middle of a turn. */
  isOverAgent: boolean;
  /** Where in the agent's turn it was placed. */
  place: OverlapPlace | undefined;
}

export type OverlapPlace = "onset" | "mid-word" | "clause-gap" | "last-word";

/** When to speak over the agent. */
export interface OverlapMoment {
  place: OverlapPlace;
  /** Earliest, from the start of the agent's turn or the end of the last event, ms. For `onset`: exactly. */
  afterMs: number;
}

export type ScriptStep =
  /** Once the agent is silent; then waits for the end of the answer. */
  | { type: "ask"; sound: UserSound }
  /** While the agent talks; `prompt` makes it talk if it does not. */
  | { type: "overlap"; sound: UserSound; moment: OverlapMoment; prompt: UserSound; insistence: UserSound }
  /** Once the agent is silent, and not to it. */
  | { type: "aside"; sound: UserSound }
  /** Says nothing until the agent has talked for so long, ms. */
  | { type: "listen"; prompt: UserSound; forMs: number };
