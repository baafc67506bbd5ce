import { useEffect, useState, type RefObject } from "react";

/** Inner size of the element, px; zeros before the first layout. */
export function useElementSize(element: RefObject<HTMLElement | null>): { widthPx: number; heightPx: number } {
  const [size, setSize] = useState({ widthPx: 0, heightPx: 0 });
  useEffect(() => {
    const { current } = element;
    if (current === null) return;
    const resizing = new ResizeObserver(() =>
      setSize({ widthPx: current.clientWidth, heightPx: current.clientHeight }),
    );
    resizing.observe(current);
    return () => resizing.disconnect();
  }, [element]);
  return size;
}
