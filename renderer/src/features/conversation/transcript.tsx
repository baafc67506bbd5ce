import { memo } from "react";
import type { AgentEntry, TranscriptEntry, UserEntry } from "#core/client/conversation";
import { PlayIcon } from "../../ui/icons";
import type { Caption } from "./conversation-view";

/** So many entries are compared, laid out and looked for in sight as one. */
const BLOCK_ENTRIES = 40;

interface TranscriptProps {
  entries: readonly TranscriptEntry[];
  caption: Caption | undefined;
  /** Lets the agent finish what was cut off; undefined while it cannot. */
  onContinue: (() => void) | undefined;
}

/**
 * Both sides of the conversation. Not a live region: the agent's words are spoken aloud already, and a screen reader
 * would talk over them; it can be read at any time. All of it is in the page, so that it can be searched and read;
 * the style sheet keeps blocks that are out of sight from being laid out. Roles, since nothing may stand between an
 * <ol> and its entries.
 */
export const Transcript = memo(function Transcript({ entries, caption, onContinue }: TranscriptProps) {
  const lastAgent = entries.findLast((entry) => entry.type === "agent");
  return (
    <div className="transcript" role="list" aria-label="Transcript">
      {blocksOf(entries).map((block, i) => (
        <Block
          key={i}
          entries={block}
          caption={block.some((entry) => isOfTurn(entry, caption?.turn)) ? caption : undefined}
          continuable={onContinue !== undefined && block.some((entry) => entry === lastAgent) ? lastAgent : undefined}
          onContinue={onContinue}
        />
      ))}
    </div>
  );
});

function blocksOf(entries: readonly TranscriptEntry[]): TranscriptEntry[][] {
  return Array.from({ length: Math.ceil(entries.length / BLOCK_ENTRIES) }, (_, i) =>
    entries.slice(i * BLOCK_ENTRIES, (i + 1) * BLOCK_ENTRIES),
  );
}

function isOfTurn(entry: TranscriptEntry, turn: number | undefined): boolean {
  return entry.type === "agent" && entry.turn === turn;
}

interface BlockProps extends TranscriptProps {
  /** The entry that `onContinue` is for, if it is one of these. */
  continuable: TranscriptEntry | undefined;
}

const Block = memo(function Block({ entries, caption, continuable, onContinue }: BlockProps) {
  return (
    <div className="transcript-block" role="presentation">
      {entries.map((entry) => (
        <div key={entry.id} className="transcript-entry" role="listitem">
          {entry.type === "user" ? (
            <UserWords entry={entry} />
          ) : (
            <AgentWords
              entry={entry}
              caption={caption?.turn === entry.turn ? caption : undefined}
              onContinue={entry === continuable ? onContinue : undefined}
            />
          )}
        </div>
      ))}
    </div>
  );
}, isSameBlock);

function isSameBlock(a: BlockProps, b: BlockProps): boolean {
  return (
    a.caption === b.caption &&
    a.continuable === b.continuable &&
    (a.continuable === undefined || a.onContinue === b.onContinue) &&
    a.entries.length === b.entries.length &&
    a.entries.every((entry, i) => entry === b.entries[i])
  );
}

const UserWords = memo(function UserWords({ entry }: { entry: UserEntry }) {
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
});

interface AgentWordsProps {
  entry: AgentEntry;
  caption: Caption | undefined;
  onContinue: (() => void) | undefined;
}

const AgentWords = memo(function AgentWords({ entry, caption, onContinue }: AgentWordsProps) {
  const { outcome, text, unheardText, asides = [] } = entry;
  const canContinue = outcome === "interrupted" && unheardText.trim() !== "" && onContinue !== undefined;
  return (
    <div className="words words-agent" data-testid="agent-words" data-outcome={outcome}>
      <span className="visually-hidden">Parley: </span>
      {outcome === "running" ? <RunningWords text={text} caption={caption} /> : <EndedWords entry={entry} />}
      {outcome === "interrupted" && (
        <p className="outcome">
          <span>Interrupted</span>
          {canContinue && (
            <button type="button" className="continue" onClick={onContinue}>
              <PlayIcon />
              Continue
            </button>
          )}
        </p>
      )}
      {asides.length > 0 && (
        <p className="outcome" data-testid="asides">
          <span>You: {asides.map((aside) => `“${aside}”`).join(" ")}</span>
        </p>
      )}
      {outcome === "failed" && <p className="outcome">Broke off</p>}
    </div>
  );
});

/** Three parts: heard, the word being heard, and what is still to come. */
function RunningWords({ text, caption }: { text: string; caption: Caption | undefined }) {
  if (text === "") {
    return (
      <span className="thinking" role="img" aria-label="thinking">
        <i />
        <i />
        <i />
      </span>
    );
  }
  const { heardEnd, wordEnd } = caption ?? { heardEnd: 0, wordEnd: 0 };
  return (
    <p>
      {text.slice(0, heardEnd)}
      <mark className="word-now">{text.slice(heardEnd, wordEnd)}</mark>
      <span className="to-come">{text.slice(wordEnd)}</span>
    </p>
  );
}

function EndedWords({ entry: { text, unheardText } }: { entry: AgentEntry }) {
  return (
    <p>
      {text}
      {unheardText !== "" && (
        <span className="unheard" title="You did not hear this part">
          <span className="visually-hidden"> Not heard: </span>
          {unheardText}
        </span>
      )}
    </p>
  );
}
