import { useState, type SubmitEvent } from "react";
import { MAX_TEXT_CHARS } from "#contracts/protocol/limits";
import { SendIcon } from "../../ui/icons";
import { MESSAGE_ID } from "./talk-keys";

interface TextComposerProps {
  isEnabled: boolean;
  /** False if it could not be sent. */
  onSend: (text: string) => Promise<boolean>;
}

/** Says something in writing. */
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
        maxLength={MAX_TEXT_CHARS}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="submit" aria-label="Send" disabled={!canSend}>
        <SendIcon />
      </button>
    </form>
  );
}
