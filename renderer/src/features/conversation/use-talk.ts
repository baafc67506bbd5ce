import { useMemo, useSyncExternalStore } from "react";
import type { ConversationController } from "./conversation-controller";
import type { ConversationView } from "./conversation-view";

type Select<Part> = (view: ConversationView) => Part;
type Subscribe = (listener: () => void) => () => void;

/**
 * A part of what the conversation shows. The component is drawn anew only when that part is another one, so `select`
 * must pick and not make: words of a live caption change sixty times a second, and a button does not care.
 */
export function useTalk<Part>(controller: ConversationController, select: Select<Part>): Part {
  return useSyncExternalStore(controller.subscribe, () => select(controller.getView()));
}

/** The same for words: changes within one frame are drawn at once, and none while nobody can see the page. */
export function useTalkWords<Part>(controller: ConversationController, select: Select<Part>): Part {
  const subscribe = useMemo(() => byFrame(controller.subscribe), [controller]);
  return useSyncExternalStore(subscribe, () => select(controller.getView()));
}

function byFrame(subscribe: Subscribe): Subscribe {
  return (listener) => {
    let frame: number | undefined;
    const unsubscribe = subscribe(() => {
      frame ??= requestAnimationFrame(() => {
        frame = undefined;
        listener();
      });
    });
    return () => {
      if (frame !== undefined) cancelAnimationFrame(frame);
      unsubscribe();
    };
  };
}
