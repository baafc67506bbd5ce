import { ok, warn, type Check } from "../check";
import type { Probes } from "../probes";

/** Where there is no sound, a browser on another computer and `parley talk` still work. */
export function checkAudio({ audio, platform }: Pick<Probes, "audio" | "platform">): Check {
  return {
    name: "audio",
    async run() {
      if (platform !== "linux") return ok("The system looks after microphone and speaker.");
      const { canPlay, canRecord, soundServer } = await audio();
      if (soundServer !== undefined) return ok(`${soundServer} runs.`);
      const missing = [...(canRecord ? [] : ["microphone"]), ...(canPlay ? [] : ["speaker"])];
      if (missing.length > 0)
        return warn(
          `There is no ${missing.join(" and no ")} on this computer.`,
          "arecord -l; aplay -l; without: parley talk --in FILE.wav, or the page in a browser elsewhere",
        );
      return warn(
        "There are sound devices, but neither PipeWire nor PulseAudio runs.",
        "systemctl --user start pipewire pipewire-pulse, or systemctl --user start pulseaudio",
      );
    },
  };
}
