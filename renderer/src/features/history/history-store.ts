import type { ConversationList, ConversationRecord, KeptConversation } from "#contracts/recording/kept-conversation";
import type { RecordingScope } from "#contracts/recording/recording";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import type { Notice } from "../../ui/undo-notice";

export interface HistoryView {
  /** Undefined before the first answer. */
  list: ConversationList["conversations"] | undefined;
  /** Folders that are no recordings. */
  skippedCount: number;
  query: string;
  selectedId: string | undefined;
  selected: ConversationRecord | undefined;
  /** What is kept of new conversations; undefined while unknown. */
  scope: RecordingScope | undefined;
  notice: Notice | undefined;
  problem: Problem | undefined;
}

/** Kept conversations: found, read, deleted and brought back. */
export class HistoryStore {
  readonly #admin: AdminPort;
  readonly #listeners = new Set<() => void>();
  #view: HistoryView = {
    list: undefined,
    skippedCount: 0,
    query: "",
    selectedId: undefined,
    selected: undefined,
    scope: undefined,
    notice: undefined,
    problem: undefined,
  };
  #searchId = 0;
  #noticeId = 0;

  constructor(admin: AdminPort) {
    this.#admin = admin;
  }

  readonly getView = (): HistoryView => this.#view;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  readonly load = async (): Promise<void> => {
    await Promise.all([this.search(this.#view.query), this.#loadScope()]);
  };

  /** The answer to an earlier search that comes late is dropped. */
  async search(query: string): Promise<void> {
    const searchId = ++this.#searchId;
    this.#update({ query });
    try {
      const found = await this.#admin.call("conversations-list", { query: query.trim() });
      if (searchId !== this.#searchId) return;
      this.#update({ list: found.conversations, skippedCount: found.skippedCount, problem: undefined });
    } catch (error) {
      if (searchId === this.#searchId) this.#update({ problem: toProblem(error) });
    }
  }

  /** Undefined closes the open one. */
  async select(id: string | undefined): Promise<void> {
    this.#update({ selectedId: id, selected: undefined });
    if (id === undefined) return;
    try {
      const selected = await this.#admin.call("conversation-get", { id });
      if (this.#view.selectedId === id) this.#update({ selected, problem: undefined });
    } catch (error) {
      if (this.#view.selectedId === id) this.#update({ problem: toProblem(error), selectedId: undefined });
    }
  }

  readonly dismissNotice = (): void => this.#update({ notice: undefined });

  /** Gone at once; the notice brings it back. */
  async remove(conversation: KeptConversation): Promise<void> {
    const { id, title } = conversation;
    try {
      await this.#admin.call("conversation-delete", { id });
      const words = `Deleted “${shorten(title === "" ? "Without words" : title)}”.`;
      const isOpen = this.#view.selectedId === id;
      this.#update({
        ...(isOpen ? { selectedId: undefined, selected: undefined } : {}),
        list: this.#view.list?.filter((kept) => kept.id !== id),
        notice: { id: ++this.#noticeId, words, undo: () => void this.#restore(id) },
      });
      await this.search(this.#view.query);
    } catch (error) {
      this.#update({ problem: toProblem(error) });
    }
  }

  async #restore(id: string): Promise<void> {
    this.dismissNotice();
    try {
      await this.#admin.call("conversation-restore", { id });
      await this.search(this.#view.query);
    } catch (error) {
      this.#update({ problem: toProblem(error) });
    }
  }

  async #loadScope(): Promise<void> {
    try {
      const { settings } = await this.#admin.call("settings-get", {});
      this.#update({ scope: settings.recording });
    } catch {
      // The list says why Parley does not answer.
    }
  }

  #update(changes: Partial<HistoryView>): void {
    this.#view = { ...this.#view, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function shorten(title: string): string {
  return title.length <= 40 ? title : `${title.slice(0, 39)}…`;
}
