import { useEffect } from "react";
import type { ConversationController } from "./conversation-controller";

/** Id of the popover that lists the keys, and of the message box; each is on a page once. */
export const KEYS_HELP_ID = "keys-help";
export const MESSAGE_ID = "message";

/** Every key that works wherever the focus is, for the help; the code below obeys them. */
export const TALK_KEYS: readonly { keys: string; does: string }[] = [
  { keys: "M", does: "Mute the microphone, or be heard again" },
  { keys: "P", does: "Pause the conversation, or go on" },
  { keys: "Space (hold)", does: "Be heard while held, with push-to-talk on" },
  { keys: "Esc", does: "Stop the agent" },
  { keys: "/", does: "Type a message" },
  { keys: "Enter", does: "Send the message" },
  { keys: "?", does: "Show these keys" },
];

/** The conversation's keys. Those that type or press something where the focus is stay what they are there. */
export function useTalkKeys(controller: ConversationController): void {
  useEffect(() => {
    // Whoever got to a button with the mouse does not mean it with the space bar.
    let isFocusMovedByKeys = false;
    const isSpaceMeantFor = (target: EventTarget | null): boolean => isFocusMovedByKeys && isPressable(target);
    const onPointer = (): void => void (isFocusMovedByKeys = false);
    const onDown = (event: KeyboardEvent): void => {
      if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Tab") isFocusMovedByKeys = true;
      if (event.key === "Escape") return stopAgent(controller);
      if (isTypingTarget(event.target)) return;
      if (event.key === " " && canHold(controller) && !isSpaceMeantFor(event.target)) {
        event.preventDefault();
        return controller.hold(true);
      }
      if (!event.repeat && obeyLetter(controller, event.key)) event.preventDefault();
    };
    const onUp = (event: KeyboardEvent): void => {
      if (event.key !== " ") return;
      if (canHold(controller) && !isTypingTarget(event.target) && !isSpaceMeantFor(event.target))
        event.preventDefault();
      controller.hold(false);
    };
    const release = (): void => controller.hold(false);
    window.addEventListener("keydown", onDown);
    window.addEventListener("keyup", onUp);
    window.addEventListener("blur", release);
    window.addEventListener("pointerdown", onPointer, { capture: true });
    return () => {
      window.removeEventListener("keydown", onDown);
      window.removeEventListener("keyup", onUp);
      window.removeEventListener("blur", release);
      window.removeEventListener("pointerdown", onPointer, { capture: true });
    };
  }, [controller]);
}

function stopAgent(controller: ConversationController): void {
  // The same key closes what is open above the page.
  if (document.querySelector(":popover-open, dialog[open]") === null) controller.interrupt();
}

function obeyLetter(controller: ConversationController, key: string): boolean {
  const view = controller.getView();
  if (key.toLowerCase() === "m") {
    if (!view.hasMicrophone) return false;
    controller.setMuted(!view.isMuted);
    return true;
  }
  if (key.toLowerCase() === "p") {
    if (view.phase !== "active") return false;
    controller.setPaused(!view.isPaused);
    return true;
  }
  if (key === "/") {
    const message = document.getElementById(MESSAGE_ID);
    message?.focus();
    return message !== null;
  }
  if (key !== "?") return false;
  document.getElementById(KEYS_HELP_ID)?.togglePopover();
  return true;
}

function canHold(controller: ConversationController): boolean {
  const { isPushToTalk, hasMicrophone } = controller.getView();
  return isPushToTalk && hasMicrophone;
}

function isTypingTarget(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches("input:not([type=checkbox]), textarea, select"))
  );
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("button, a, summary, input, [role=button]");
}
