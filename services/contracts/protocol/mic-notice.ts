import { z } from "zod";

/** What can be wrong with a microphone whose sound arrives. */
export const MicHealthCode = z.enum(["mic-silent", "mic-clipped", "mic-quiet"]);
export type MicHealthCode = z.infer<typeof MicHealthCode>;

/** For the person. */
export const MIC_HEALTH_WORDS: Readonly<Record<MicHealthCode, { words: string; action: string }>> = {
  "mic-silent": {
    words: "The microphone gives only silence.",
    action: "Look for a mute switch on it, unmute it in the system's settings, or choose another one under Devices.",
  },
  "mic-clipped": {
    words: "Your microphone is too loud: the sound is cut off.",
    action: "Move away a little, or lower its level in the system's settings.",
  },
  "mic-quiet": {
    words: "Parley hardly hears you.",
    action: "Come closer, or raise the microphone's level in the system's settings.",
  },
};
