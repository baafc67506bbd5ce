import { useEffect, useRef, useState } from "react";

/** Long enough to read two lines and to reach the button with the keyboard. */
const SHOWN_MS = 8000;

export interface Notice {
  /** Another id starts the time anew. */
  id: number;
  words: string;
  /** Takes back what the words tell, and the notice with it; absent when it cannot be. */
  undo?: () => void;
}

/** Tells what was just done; `onGone` once it was there long enough. It waits while the pointer or the keyboard is on it. */
export function UndoNotice({ notice, onGone }: { notice: Notice | undefined; onGone: () => void }) {
  const [isHeld, setIsHeld] = useState(false);
  const focusedBefore = useRef<HTMLElement>(undefined);
  const id = notice?.id;
  useEffect(() => {
    if (id === undefined || isHeld) return;
    const timer = window.setTimeout(onGone, SHOWN_MS);
    return () => window.clearTimeout(timer);
  }, [id, isHeld, onGone]);

  const undo = notice?.undo;
  return (
    <div
      className="undo-notice"
      role="status"
      data-shown={notice !== undefined}
      onPointerEnter={() => setIsHeld(true)}
      onPointerLeave={() => setIsHeld(false)}
      onFocus={({ relatedTarget }) => {
        setIsHeld(true);
        focusedBefore.current = relatedTarget instanceof HTMLElement ? relatedTarget : undefined;
      }}
      onBlur={() => setIsHeld(false)}
    >
      {notice !== undefined && (
        <>
          <span>{notice.words}</span>
          {undo !== undefined && (
            <button
              type="button"
              onClick={() => {
                setIsHeld(false);
                // This button goes; the keyboard is back where it came from.
                const before = focusedBefore.current;
                (before?.isConnected === true ? before : document.querySelector("main"))?.focus();
                undo();
              }}
            >
              Undo
            </button>
          )}
        </>
      )}
    </div>
  );
}
