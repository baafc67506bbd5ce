import { useState, type SubmitEvent } from "react";
import { MAX_TEXT_CHARS } from "#contracts/protocol/limits";
import { SendIcon } from "../../ui/icons";
import { MESSAGE_ID } from "./talk-keys";

interface TextComposerProps {
  isEnabled: boolean;
  onSend: (text: string) => void;
}

/** Says something in writing. */
export function TextComposer({ isEnabled, onSend }: TextComposerProps) {
  const [text, setText] = useState("");
  const canSend = isEnabled && text.trim() !== "";
  const send = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!canSend) return;
    onSend(text);
    setText("");
  };
  return (
    <form className="composer" onSubmit={send}>
      <input
        id={MESSAGE_ID}
        type="text"
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
