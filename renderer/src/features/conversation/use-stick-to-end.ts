import { useEffect, useRef, useState, type RefObject } from "react";

/** Closer to the end than this, the reader follows; further up, they are reading and are left alone. Pixels. */
const FOLLOW_DISTANCE_PX = 40;

export interface StickToEnd {
  /** Goes to the element that scrolls. */
  scroller: RefObject<HTMLElement | null>;
  /** False while the reader is further up. */
  isAtEnd: boolean;
  toEnd: () => void;
}

/** Keeps the end of what grows in view, for as long as the reader has not scrolled away from it. */
export function useStickToEnd(): StickToEnd {
  const scroller = useRef<HTMLElement>(null);
  const [isAtEnd, setAtEnd] = useState(true);

  useEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    let follows = true;
    const look = (): void => {
      follows = isNearEnd(element);
      setAtEnd(follows);
    };
    const observer = new ResizeObserver(() => {
      if (follows) scrollToEnd(element);
      else look();
    });
    element.addEventListener("scroll", look, { passive: true });
    observer.observe(element);
    for (const child of element.children) observer.observe(child);
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", look);
    };
  }, []);

  const toEnd = (): void => {
    if (scroller.current !== null) scrollToEnd(scroller.current);
  };
  return { scroller, isAtEnd, toEnd };
}

function isNearEnd(element: HTMLElement): boolean {
  return element.scrollHeight - element.scrollTop - element.clientHeight < FOLLOW_DISTANCE_PX;
}

function scrollToEnd(element: HTMLElement): void {
  element.scrollTop = element.scrollHeight;
}
