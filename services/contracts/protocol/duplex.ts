import { z } from "zod";

/** How the two sides share the air: both at once, the agent more quietly, or one after the other. */
export const DuplexMode = z.enum(["full", "ducking", "half"]);
export type DuplexMode = z.infer<typeof DuplexMode>;

/** For the person, beside the stop button, which always works. */
export const DUPLEX_WORDS: Readonly<Record<DuplexMode, { words: string; action: string }>> = {
  full: { words: "You can speak at any time.", action: "" },
  ducking: {
    words: "The loudspeakers are loud at the microphone: Parley speaks more quietly, so that it does not hear itself.",
    action: "Use headphones, or turn the loudspeakers down.",
  },
  half: {
    words: "Parley hears itself: it does not listen while it speaks.",
    action: "Press Stop to cut in, or use headphones.",
  },
};
