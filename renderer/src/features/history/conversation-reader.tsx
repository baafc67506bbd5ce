import { useEffect, useRef } from "react";
import type { ConversationRecord, KeptMessage } from "#contracts/recording/kept-conversation";
import { clockOf, exportConversation } from "#core/recording/export-conversation";
import type { RecordingPlayer } from "../../audio/recording-player";
import type { AdminPort } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import { downloadFile } from "./download-file";
import { MessageTime, usePlayback, type Playback } from "./recording-playback";
import { dayWords, timeWords } from "./when";

interface ConversationReaderProps {
  admin: AdminPort;
  player: RecordingPlayer;
  record: ConversationRecord;
  onClose: () => void;
  onDelete: () => void;
}

/** One conversation to read, hear, export or delete. */
export function ConversationReader({ admin, player, record, onClose, onDelete }: ConversationReaderProps) {
  const playback = usePlayback(admin, player, record);
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
          {dayWords(record.startedAt)}, {timeWords(record.startedAt)} · {clockOf(record.durationMs)}
          {record.isRunning && " · still going on"}
        </p>
        <div className="reader-actions">
          {record.hasAudio && (
            <button
              type="button"
              onClick={() => (playback.playingFromMs === undefined ? playback.play(0) : playback.stop())}
            >
              {playback.playingFromMs === undefined ? "Play" : "Stop playing"}
            </button>
          )}
          <button
            type="button"
            className="button-quiet"
            onClick={() => downloadFile(exportConversation(record, "markdown"))}
          >
            Export as Markdown
          </button>
          <button
            type="button"
            className="button-quiet"
            onClick={() => downloadFile(exportConversation(record, "json"))}
          >
            Export as JSON
          </button>
          <button type="button" className="button-quiet" onClick={onDelete}>
            Delete
          </button>
        </div>
        <ProblemNote problem={playback.problem} />
      </div>
      <ol className="transcript reader-words">
        {record.messages.map((message, i) => (
          <Message key={i} message={message} playback={record.hasAudio ? playback : undefined} />
        ))}
      </ol>
    </article>
  );
}

function Message({ message, playback }: { message: KeptMessage; playback: Playback | undefined }) {
  const { role, text, unheardText = "", isInterrupted, atMs } = message;
  return (
    <li className="transcript-entry">
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
      <p className={`message-about is-${role}`}>
        <MessageTime atMs={atMs} playback={playback} />
        {isInterrupted === true && <span className="quiet">interrupted</span>}
      </p>
    </li>
  );
}
