import { useEffect, useRef } from "react";
import type { AgentEntry, TranscriptEntry, UserEntry } from "#core/client/conversation";

/** Closer to the end than this, the reader follows; further up, they are reading and are left alone. Pixels. */
const FOLLOW_DISTANCE_PX = 120;

/**
 * Both sides of the conversation. Not a live region: the agent's words are spoken aloud already, and a screen reader
 * would talk over them; it can be read at any time.
 */
export function Transcript({ entries }: { entries: readonly TranscriptEntry[] }) {
  const end = useRef<HTMLDivElement>(null);
  useEffect(() => follow(end.current), [entries]);
  return (
    <>
      <ol className="transcript" aria-label="Transcript">
        {entries.map((entry) => (
          <li key={entry.id}>{entry.type === "user" ? <UserWords entry={entry} /> : <AgentWords entry={entry} />}</li>
        ))}
      </ol>
      <div ref={end} />
    </>
  );
}

function UserWords({ entry }: { entry: UserEntry }) {
  return (
    <p
      className={entry.isFinal ? "words words-user" : "words words-user is-partial"}
      data-testid="user-words"
      data-final={entry.isFinal}
    >
      <span className="visually-hidden">You: </span>
      {entry.text}
    </p>
  );
}

function AgentWords({ entry }: { entry: AgentEntry }) {
  const isWaiting = entry.outcome === "running" && entry.text === "";
  return (
    <div className="words words-agent" data-testid="agent-words" data-outcome={entry.outcome}>
      <span className="visually-hidden">Parley: </span>
      {isWaiting ? (
        <span className="thinking" aria-label="thinking">
          <i />
          <i />
          <i />
        </span>
      ) : (
        <p>
          {entry.text}
          {entry.unheardText !== "" && (
            <span className="unheard" title="You did not hear this part">
              <span className="visually-hidden"> Not heard: </span>
              {entry.unheardText}
            </span>
          )}
        </p>
      )}
      {entry.outcome === "interrupted" && <p className="outcome">Stopped here</p>}
      {entry.outcome === "failed" && <p className="outcome">Broke off</p>}
    </div>
  );
}

function follow(end: HTMLElement | null): void {
  const scroller = end?.closest("main");
  if (end === null || scroller === null || scroller === undefined) return;
  const hiddenPx = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight;
  if (hiddenPx < FOLLOW_DISTANCE_PX) end.scrollIntoView({ block: "end" });
}
