interface HoldButtonProps {
  isHolding: boolean;
  onHold: (isHolding: boolean) => void;
}

/** Heard while it is held down, with a finger, the mouse, or Space while it has the focus. */
export function HoldButton({ isHolding, onHold }: HoldButtonProps) {
  const isHoldKey = (key: string): boolean => key === " " || key === "Enter";
  return (
    <button
      type="button"
      className="button-quiet hold"
      aria-pressed={isHolding}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        onHold(true);
      }}
      onPointerUp={() => onHold(false)}
      onPointerCancel={() => onHold(false)}
      onKeyDown={(event) => {
        if (isHoldKey(event.key)) onHold(true);
      }}
      onKeyUp={(event) => {
        if (isHoldKey(event.key)) onHold(false);
      }}
      onBlur={() => onHold(false)}
      onContextMenu={(event) => event.preventDefault()}
    >
      Hold to talk
    </button>
  );
}
