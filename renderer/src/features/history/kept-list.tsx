import type { ConversationList } from "#contracts/recording/kept-conversation";
import { clockOf } from "#core/recording/export-conversation";
import { plural } from "../../ui/figures";
import { dayWords, timeWords } from "./when";

type Kept = ConversationList["conversations"][number];

interface KeptListProps {
  list: readonly Kept[];
  query: string;
  selectedId: string | undefined;
  onSelect: (id: string) => void;
}

/** Newest first, by day. */
export function KeptList({ list, query, selectedId, onSelect }: KeptListProps) {
  if (list.length === 0)
    return (
      <p className="quiet history-empty">
        {query.trim() === "" ? "No conversation is kept yet." : `Nothing found for “${query.trim()}”.`}
      </p>
    );
  return byDay(list).map(({ day, conversations }) => (
    <div key={day} className="history-day">
      <h2>{day}</h2>
      <ul>
        {conversations.map(({ id, title, startedAt, durationMs, turnCount, excerpt, isRunning }) => (
          <li key={id}>
            <button
              type="button"
              className="kept"
              data-conversation={id}
              aria-current={id === selectedId ? "true" : undefined}
              onClick={() => onSelect(id)}
            >
              <span className="kept-title">{title === "" ? "Without words" : title}</span>
              <span className="quiet">
                {timeWords(startedAt)} · {clockOf(durationMs)} · {plural(turnCount, "answer")}
                {isRunning && " · still going on"}
              </span>
              {excerpt !== undefined && <span className="quiet kept-excerpt">{excerpt}</span>}
            </button>
          </li>
        ))}
      </ul>
    </div>
  ));
}

function byDay(list: readonly Kept[]): { day: string; conversations: Kept[] }[] {
  const days = new Map<string, Kept[]>();
  for (const conversation of list) {
    const day = dayWords(conversation.startedAt);
    days.set(day, [...(days.get(day) ?? []), conversation]);
  }
  return [...days].map(([day, conversations]) => ({ day, conversations }));
}
