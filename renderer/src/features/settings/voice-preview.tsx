import { useEffect, useRef, useState } from "react";
import { AudioProblem } from "../../audio/audio-problem";
import { fromBase64 } from "../../audio/from-base64";
import type { SoundCheck } from "../../audio/sound-check";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";

type Preview = { type: "none" } | { type: "asking" } | { type: "playing" } | { type: "failed"; problem: Problem };

interface VoicePreviewProps {
  admin: AdminPort;
  sound: Pick<SoundCheck, "play">;
  voice: string;
}

/** Lets the voice say a sentence; a conversation that runs is left alone. */
export function VoicePreview({ admin, sound, voice }: VoicePreviewProps) {
  const [preview, setPreview] = useState<Preview>({ type: "none" });
  const stop = useRef<AbortController>(undefined);
  useEffect(() => () => stop.current?.abort(), []);

  const play = async (): Promise<void> => {
    const playing = new AbortController();
    stop.current = playing;
    setPreview({ type: "asking" });
    try {
      const { pcm, sampleRateHz } = await admin.call("voice-preview", { voice });
      if (playing.signal.aborted) return setPreview({ type: "none" });
      setPreview({ type: "playing" });
      await sound.play({ pcm: fromBase64(pcm), sampleRateHz, isZero: false }, playing.signal);
      setPreview({ type: "none" });
    } catch (error) {
      const problem = error instanceof AudioProblem ? error : toProblem(error);
      setPreview({ type: "failed", problem });
    }
  };

  const isBusy = preview.type === "asking" || preview.type === "playing";
  return (
    <>
      <button
        type="button"
        className="button-quiet fit"
        aria-disabled={preview.type === "asking"}
        onClick={() => {
          if (isBusy) stop.current?.abort();
          else void play();
        }}
      >
        {preview.type === "asking" ? "Asking…" : preview.type === "playing" ? "Stop" : `Hear ${voice}`}
      </button>
      <ProblemNote problem={preview.type === "failed" ? preview.problem : undefined} />
    </>
  );
}
