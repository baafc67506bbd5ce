import { useEffect, useRef } from "react";
import { gainToDb } from "#contracts/units";

/** Quieter than this shows as nothing: a silent room; dBFS. */
const FLOOR_DB = -60;
/** Loud speech close to the microphone fills the meter; dBFS. */
const FULL_DB = -12;
const BAR_COUNT = 18;

export type SubscribeLevel = (listener: (level: number) => void) => () => void;

/**
 * How loud the microphone is. Fifty levels a second go straight to the element, past React.
 * The words beside it say the same to screen readers, so it is decoration.
 */
export function LevelMeter({ subscribe }: { subscribe: SubscribeLevel }) {
  const meter = useRef<HTMLDivElement>(null);
  useEffect(() => subscribe((level) => showLevel(meter.current, level)), [subscribe]);
  return (
    <div ref={meter} className="meter" data-testid="level-meter" aria-hidden="true">
      {Array.from({ length: BAR_COUNT }, (_, bar) => (
        <span key={bar} />
      ))}
    </div>
  );
}

function showLevel(meter: HTMLElement | null, level: number): void {
  if (meter === null) return;
  const ratio = Math.max(0, Math.min(1, (gainToDb(level) - FLOOR_DB) / (FULL_DB - FLOOR_DB)));
  const litCount = Math.round(ratio * BAR_COUNT);
  if (meter.dataset.lit === String(litCount)) return;
  meter.dataset.lit = String(litCount);
  [...meter.children].forEach((bar, i) => bar.classList.toggle("is-lit", i < litCount));
}
