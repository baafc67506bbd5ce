import { useEffect, useRef, useState } from "react";
import { MAX_SOUND_MS } from "#contracts/protocol/admin";
import type { ConversationRecord } from "#contracts/recording/kept-conversation";
import { clockOf } from "#core/recording/export-conversation";
import { AudioProblem } from "../../audio/audio-problem";
import { fromBase64 } from "../../audio/from-base64";
import type { RecordingPlayer } from "../../audio/recording-player";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";

export interface Playback {
  /** Where it was started; undefined while nothing plays. */
  playingFromMs: number | undefined;
  problem: Problem | undefined;
  play(fromMs: number): void;
  stop(): void;
}

/** Plays what was kept as sound, one recording at a time; ends with the reader. */
export function usePlayback(admin: AdminPort, player: RecordingPlayer, record: ConversationRecord): Playback {
  const [playingFromMs, setPlayingFromMs] = useState<number>();
  const [problem, setProblem] = useState<Problem>();
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);

  const run = async (fromMs: number, stop: AbortController): Promise<void> => {
    try {
      await player({
        fromMs,
        lengthMs: record.durationMs,
        stretchMs: MAX_SOUND_MS,
        stop: stop.signal,
        async read(atMs) {
          const request = { id: record.id, fromMs: atMs, lengthMs: MAX_SOUND_MS };
          const { user, agent } = await admin.call("conversation-sound", request);
          return { user: { ...user, pcm: fromBase64(user.pcm) }, agent: { ...agent, pcm: fromBase64(agent.pcm) } };
        },
      });
    } catch (error) {
      if (!stop.signal.aborted) setProblem(error instanceof AudioProblem ? error : toProblem(error));
    }
    if (running.current === stop) setPlayingFromMs(undefined);
  };
  return {
    playingFromMs,
    problem,
    play(fromMs) {
      running.current?.abort();
      const stop = new AbortController();
      running.current = stop;
      setProblem(undefined);
      setPlayingFromMs(fromMs);
      void run(fromMs, stop);
    },
    stop() {
      running.current?.abort();
      setPlayingFromMs(undefined);
    },
  };
}

/** When it was said; with sound kept, plays from there. */
export function MessageTime({ atMs, playback }: { atMs: number; playback: Playback | undefined }) {
  const time = clockOf(atMs);
  if (playback === undefined) return <span className="message-time quiet">{time}</span>;
  return (
    <button
      type="button"
      className="message-time button-quiet"
      aria-label={`Play from ${time}`}
      onClick={() => playback.play(atMs)}
    >
      {time}
    </button>
  );
}
