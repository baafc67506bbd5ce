import type { ConversationRecord, KeptConversation } from "#contracts/protocol/admin";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import type { Notice } from "../../ui/undo-notice";

export interface HistoryView {
  /** Undefined before the first answer. */
  list: readonly KeptConversation[] | undefined;
  query: string;
  selectedId: string | undefined;
  selected: ConversationRecord | undefined;
  /** New conversations are kept; undefined while unknown. */
  isKeeping: boolean | undefined;
  notice: Notice | undefined;
  problem: Problem | undefined;
}

/** Kept conversations: found, read, and deleted with a moment to think better of it. */
export class HistoryStore {
  readonly #admin: AdminPort;
  readonly #listeners = new Set<() => void>();
  #view: HistoryView = {
    list: undefined,
    query: "",
    selectedId: undefined,
    selected: undefined,
    isKeeping: undefined,
    notice: undefined,
    problem: undefined,
  };
  /** Hidden already, and deleted when the moment has passed. */
  #leaving: KeptConversation | undefined;
  #found: readonly KeptConversation[] = [];
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

  async load(): Promise<void> {
    await Promise.all([this.search(this.#view.query), this.#loadKeeping()]);
  }

  /** The answer to an earlier search that comes late is dropped. */
  async search(query: string): Promise<void> {
    const searchId = ++this.#searchId;
    this.#update({ query });
    try {
      const found = await this.#admin.call("conversations-list", { query: query.trim() });
      if (searchId !== this.#searchId) return;
      this.#found = found;
      this.#showList({ problem: undefined });
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

  /** Hides it at once; it is gone for good when the notice is, or when another one is deleted. */
  async remove(conversation: KeptConversation): Promise<void> {
    const before = this.finishRemoval();
    this.#leaving = conversation;
    const isOpen = this.#view.selectedId === conversation.id;
    this.#showList({
      ...(isOpen ? { selectedId: undefined, selected: undefined } : {}),
      notice: {
        id: ++this.#noticeId,
        words: `Deleted “${shorten(conversation.title)}”.`,
        undo: () => this.#keep(conversation),
      },
    });
    await before;
  }

  /** Also when the screen is left: what was deleted shall not come back. */
  readonly finishRemoval = async (): Promise<void> => {
    const leaving = this.#leaving;
    this.#leaving = undefined;
    this.#update({ notice: undefined });
    if (leaving === undefined) return;
    this.#found = this.#found.filter(({ id }) => id !== leaving.id);
    try {
      await this.#admin.call("conversation-delete", { id: leaving.id });
    } catch (error) {
      this.#found = [leaving, ...this.#found];
      this.#showList({ problem: toProblem(error) });
    }
  };

  #keep(conversation: KeptConversation): void {
    if (this.#leaving?.id === conversation.id) this.#leaving = undefined;
    this.#showList({ notice: undefined });
  }

  async #loadKeeping(): Promise<void> {
    try {
      const { settings } = await this.#admin.call("settings-get", {});
      this.#update({ isKeeping: settings.keepsConversations });
    } catch {
      // The list says why Parley does not answer.
    }
  }

  #showList(changes: Partial<HistoryView>): void {
    this.#update({ ...changes, list: this.#found.filter(({ id }) => id !== this.#leaving?.id) });
  }

  #update(changes: Partial<HistoryView>): void {
    this.#view = { ...this.#view, ...changes };
    for (const listener of this.#listeners) listener();
  }
}

function shorten(title: string): string {
  return title.length <= 40 ? title : `${title.slice(0, 39)}…`;
}
