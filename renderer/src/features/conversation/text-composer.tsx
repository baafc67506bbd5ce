import { useEffect, useState, type SubmitEvent } from "react";
import { SendIcon } from "../../ui/icons";
import type { ConversationController } from "./conversation-controller";
import { MESSAGE_ID } from "./talk-keys";

interface TextComposerProps {
  controller: ConversationController;
  isEnabled: boolean;
  onSend: () => void;
}

/** One for each conversation, so that what was begun outlasts a visit to another screen. */
const drafts = new WeakMap<ConversationController, string>();

/** Says something in writing. What is too long is refused with words, and not cut without any. */
export function TextComposer({ controller, isEnabled, onSend }: TextComposerProps) {
  const [text, setText] = useState(() => drafts.get(controller) ?? "");
  useEffect(() => void drafts.set(controller, text), [controller, text]);
  const canSend = isEnabled && text.trim() !== "";
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!canSend) return;
    setText("");
    onSend();
    void controller.sendText(text).then((isSent) => {
      // What was written is not lost, nor put over what has been written since.
      if (!isSent) setText((now) => (now === "" ? text : now));
    });
  };
  return (
    <form className="composer" onSubmit={send}>
      <input
        id={MESSAGE_ID}
        type="text"
        dir="auto"
        aria-label="Message"
        placeholder="Or type something"
        autoComplete="off"
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" aria-label="Send" disabled={!canSend}>
        <SendIcon />
      </button>
    </form>
  );
}
