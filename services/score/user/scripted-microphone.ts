import { EARS_SAMPLE_RATE_HZ } from "#contracts/units";
import type { SimulatedMicrophone } from "#core/talk/simulated-microphone";
import type { Room } from "../room/room";
import type { ScriptedUser } from "./scripted-user";

/** What the microphone in the user's room hears; over when the user's script is. */
export function createScriptedMicrophone(user: ScriptedUser, room: Room): SimulatedMicrophone {
  return {
    sampleRateHz: EARS_SAMPLE_RATE_HZ,
    next(context) {
      const said = user.next(context);
      return said === undefined ? undefined : room.hear(said, context.played);
    },
  };
}
