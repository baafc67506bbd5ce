import type { KeptConversation } from "#contracts/protocol/admin";
import { plural } from "../../ui/figures";
import { dayWords, timeWords } from "./when";

interface KeptListProps {
  list: readonly KeptConversation[];
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
        {conversations.map(({ id, title, startedAt, turnCount }) => (
          <li key={id}>
            <button
              type="button"
              className="kept"
              aria-current={id === selectedId ? "true" : undefined}
              onClick={() => onSelect(id)}
            >
              <span className="kept-title">{title === "" ? "Without words" : title}</span>
              <span className="quiet">
                {timeWords(startedAt)} · {plural(turnCount, "turn")}
              </span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  ));
}

function byDay(list: readonly KeptConversation[]): { day: string; conversations: KeptConversation[] }[] {
  const days = new Map<string, KeptConversation[]>();
  for (const conversation of list) {
    const day = dayWords(conversation.startedAt);
    days.set(day, [...(days.get(day) ?? []), conversation]);
  }
  return [...days].map(([day, conversations]) => ({ day, conversations }));
}
