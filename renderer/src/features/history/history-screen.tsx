import { useEffect, useRef, useState, useSyncExternalStore, type RefObject } from "react";
import type { AdminPort } from "../../ui/admin-port";
import "../../ui/board.css";
import type { RecordingPlayer } from "../../audio/recording-player";
import { plural } from "../../ui/figures";
import { LinkBanner } from "../../ui/link-banner";
import { ProblemNote } from "../../ui/problem-note";
import { UndoNotice } from "../../ui/undo-notice";
import { useLoaded } from "../../ui/use-loaded";
import { ConversationReader } from "./conversation-reader";
import "./history.css";
import { HistoryStore } from "./history-store";
import { KeptList } from "./kept-list";

/** Pause in typing after which the search is sent. */
const SEARCH_DELAY_MS = 200;

/** Conversations that were kept: search, read, hear, export, delete. */
export function HistoryScreen({ admin, player }: { admin: AdminPort; player: RecordingPlayer }) {
  const [store] = useState(() => new HistoryStore(admin));
  const view = useSyncExternalStore(store.subscribe, store.getView);
  const [query, setQuery] = useState("");

  useLoaded(admin, store.load);
  useEffect(() => {
    if (query === store.getView().query) return;
    const timer = window.setTimeout(() => void store.search(query), SEARCH_DELAY_MS);
    return () => window.clearTimeout(timer);
  }, [store, query]);

  const { list, selectedId, selected } = view;
  const listElement = useRef<HTMLElement>(null);
  useFocusAfterReading(listElement, selectedId);
  return (
    <>
      <div className="board">
        <div className="board-column history" data-reading={selectedId !== undefined}>
          <h1>History</h1>
          <LinkBanner admin={admin} />
          {view.scope === "off" && (
            <p className="banner" role="note">
              Parley does not keep conversations now. You can turn it on in <a href="#/settings">Settings</a>.
            </p>
          )}
          {view.skippedCount > 0 && (
            <p className="quiet">
              {plural(view.skippedCount, "folder")} in the recordings folder could not be read and{" "}
              {view.skippedCount === 1 ? "is" : "are"} left alone.
            </p>
          )}
          <ProblemNote problem={view.problem} />
          <div className="history-panes">
            <section className="history-list" ref={listElement} aria-label="Kept conversations">
              <label className="field">
                <span className="visually-hidden">Search in conversations</span>
                <input
                  type="search"
                  value={query}
                  onChange={(event) => setQuery(event.target.value)}
                  placeholder="Search in conversations"
                  maxLength={200}
                />
              </label>
              <p className="visually-hidden" role="status">
                {list !== undefined && view.query.trim() !== "" && `${list.length} found`}
              </p>
              {list !== undefined && (
                <KeptList
                  list={list}
                  query={view.query}
                  selectedId={selectedId}
                  onSelect={(id) => void store.select(id)}
                />
              )}
            </section>
            {selected !== undefined ? (
              <ConversationReader
                key={selected.id}
                admin={admin}
                player={player}
                record={selected}
                onClose={() => void store.select(undefined)}
                onDelete={() => void store.remove(selected)}
              />
            ) : (
              <p className="history-hint quiet">
                {list !== undefined && list.length > 0 && "Choose a conversation to read it."}
              </p>
            )}
          </div>
        </div>
      </div>
      <UndoNotice notice={view.notice} onGone={store.dismissNotice} />
    </>
  );
}

/** The button that closed or deleted the open conversation is gone: the keyboard goes on in the list. */
function useFocusAfterReading(list: RefObject<HTMLElement | null>, selectedId: string | undefined): void {
  const readId = useRef<string>(undefined);
  useEffect(() => {
    const leftId = readId.current;
    readId.current = selectedId;
    if (leftId === undefined || selectedId !== undefined || document.activeElement !== document.body) return;
    const kept = [...(list.current?.querySelectorAll<HTMLElement>(".kept") ?? [])];
    const next = kept.find(({ dataset }) => dataset["conversation"] === leftId) ?? kept[0];
    (next ?? list.current?.querySelector("input"))?.focus();
  }, [list, selectedId]);
}
