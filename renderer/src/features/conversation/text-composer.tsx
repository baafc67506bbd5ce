import { useState, type SubmitEvent } from "react";
import { SendIcon } from "../../ui/icons";
import { MESSAGE_ID } from "./talk-keys";

interface TextComposerProps {
  isEnabled: boolean;
  /** False if it could not be sent. */
  onSend: (text: string) => Promise<boolean>;
}

/** Says something in writing. What is too long is refused with words, and not cut without any. */
export function TextComposer({ isEnabled, onSend }: TextComposerProps) {
  const [text, setText] = useState("");
  const canSend = isEnabled && text.trim() !== "";
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!canSend) return;
    setText("");
    void onSend(text).then((isSent) => {
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
