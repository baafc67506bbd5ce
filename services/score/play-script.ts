import { createSeededRandom } from "#core/random/seeded-random";
import type { ResamplerFactory } from "#core/ports/resampler";
import type { SimulatedMicrophone } from "#core/talk/simulated-microphone";
import type { PlayedConversation } from "./measure/speaker-trace";
import { chooseRoom, Room, type RoomName } from "./room/room";
import type { ComposeDeps, Half } from "./user/compose-script";
import { createScriptedMicrophone } from "./user/scripted-microphone";
import { ScriptedUser } from "./user/scripted-user";
import { SoundMaker, type SpeechSource } from "./user/sound-maker";
import type { ScriptStep } from "./user/user-sound";

/** Holds a conversation with the whole system, in real time or on a virtual clock. */
export interface ConversationRunner {
  /** Until the microphone is over and the agent silent, or for `maxMs`. Rejects when the session breaks off. */
  hold(conversation: {
    microphone: SimulatedMicrophone;
    maxMs: number;
  }): Promise<Omit<PlayedConversation, "user" | "missedSteps">>;
}

export interface Script {
  /** With the seed and the half it decides everything that chance decides. */
  name: string;
  seed: number;
  half: Half;
  room: RoomName;
  compose(deps: ComposeDeps): Promise<ScriptStep[]>;
  /** No step is begun after that, ms. */
  maxMs: number;
}

export interface PlayDeps {
  runner: ConversationRunner;
  speech: SpeechSource;
  resamplers: ResamplerFactory;
}

/** For what the user does last to have its effect. */
const AFTER_MAX_MS = 8_000;

/** Plays a script against the system. */
export async function playScript(deps: PlayDeps, script: Script): Promise<PlayedConversation> {
  const { runner, speech, resamplers } = deps;
  const { half, maxMs } = script;
  const randomFor = (purpose: string) => createSeededRandom(script.seed, `${half}/${script.name}/${purpose}`);
  const maker = new SoundMaker({ speech, resamplers, random: randomFor("sounds") });
  const steps = await script.compose({ maker, half, random: randomFor("script") });
  const user = new ScriptedUser({ steps, randomOf: (step) => randomFor(`user ${step}`), maxMs });
  const random = randomFor("room");
  const room = new Room(chooseRoom(script.room, random), { random, resamplers });
  try {
    const microphone = createScriptedMicrophone(user, room);
    const played = await runner.hold({ microphone, maxMs: maxMs + AFTER_MAX_MS });
    return { ...played, user: user.events, missedSteps: user.missedSteps };
  } finally {
    room.dispose();
  }
}
