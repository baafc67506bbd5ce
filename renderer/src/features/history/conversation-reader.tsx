import { useEffect, useRef } from "react";
import type { ConversationRecord, KeptMessage } from "#contracts/protocol/admin";
import { downloadFile } from "./download-file";
import { toJson, toMarkdown } from "./export-conversation";
import { dayWords, timeWords } from "./when";

interface ConversationReaderProps {
  record: ConversationRecord;
  onClose: () => void;
  onDelete: () => void;
}

/** One conversation to read, export or delete. */
export function ConversationReader({ record, onClose, onDelete }: ConversationReaderProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  // Whoever opened it with the keyboard or by ear goes on here.
  useEffect(() => heading.current?.focus(), []);
  return (
    <article className="card reader" aria-labelledby="reader-title">
      <div className="reader-head">
        <button type="button" className="button-quiet reader-back" onClick={onClose}>
          Back to the list
        </button>
        <h2 id="reader-title" ref={heading} tabIndex={-1}>
          {record.title === "" ? "Without words" : record.title}
        </h2>
        <p className="quiet">
          {dayWords(record.startedAt)}, {timeWords(record.startedAt)}
        </p>
        <div className="reader-actions">
          <button type="button" className="button-quiet" onClick={() => downloadFile(toMarkdown(record))}>
            Export as Markdown
          </button>
          <button type="button" className="button-quiet" onClick={() => downloadFile(toJson(record))}>
            Export as JSON
          </button>
          <button type="button" className="button-quiet" onClick={onDelete}>
            Delete
          </button>
        </div>
      </div>
      <ol className="transcript reader-words">
        {record.messages.map((message, i) => (
          <Message key={i} message={message} />
        ))}
      </ol>
    </article>
  );
}

function Message({ message }: { message: KeptMessage }) {
  const { role, text, unheardText = "" } = message;
  return (
    <li>
      <p className={`words words-${role}`}>
        <span className="visually-hidden">{role === "user" ? "You: " : "Parley: "}</span>
        {text}
        {unheardText !== "" && (
          <span className="unheard">
            <span className="visually-hidden"> Not heard: </span>
            {text === "" || unheardText.startsWith(" ") ? unheardText : ` ${unheardText}`}
          </span>
        )}
      </p>
    </li>
  );
}
