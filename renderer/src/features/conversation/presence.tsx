import { useEffect, useRef } from "react";
import { gainToDb } from "#contracts/units";
import { MicIcon, MicOffIcon, PauseIcon, PenIcon } from "../../ui/icons";
import type { SubscribeLevel } from "../../ui/level-meter";
import type { Mood } from "./mood";

/** Quieter than this does not move the picture, louder than `FULL_DB` does not move it further; dBFS. */
const FLOOR_DB = -50;
const FULL_DB = -14;

interface PresenceProps {
  mood: Mood;
  subscribeLevel: SubscribeLevel;
}

/** Who is speaking, as a picture: each mood has its own shape. The words beside it say the same. */
export function Presence({ mood, subscribeLevel }: PresenceProps) {
  const element = useRef<HTMLDivElement>(null);
  useEffect(() => {
    let shown = "";
    return subscribeLevel((level) => {
      const ratio = ratioOf(level).toFixed(2);
      if (ratio === shown) return;
      shown = ratio;
      element.current?.style.setProperty("--level", ratio);
    });
  }, [subscribeLevel]);
  return (
    <div ref={element} className="presence" data-mood={mood} data-testid="presence" aria-hidden="true">
      {mood === "idle" && <MicIcon />}
      {mood === "muted" && <MicOffIcon />}
      {mood === "typing" && <PenIcon />}
      {(mood === "interrupted" || mood === "paused") && <PauseIcon />}
      {(mood === "listening" || mood === "hearing" || mood === "speaking") && <Bars count={5} />}
      {(mood === "thinking" || mood === "waiting") && <Bars count={3} />}
    </div>
  );
}

function Bars({ count }: { count: number }) {
  return (
    <span className="presence-bars">
      {Array.from({ length: count }, (_, bar) => (
        <i key={bar} />
      ))}
    </span>
  );
}

function ratioOf(level: number): number {
  return Math.max(0, Math.min(1, (gainToDb(level) - FLOOR_DB) / (FULL_DB - FLOOR_DB)));
}
