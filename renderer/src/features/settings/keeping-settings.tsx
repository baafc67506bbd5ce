import type { SettingsView } from "#contracts/protocol/admin";
import type { Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import type { SettingsStore } from "./settings-store";

interface KeepingSettingsProps {
  store: SettingsStore;
  saved: SettingsView;
  problem: Problem | undefined;
}

/** Whether conversations are kept as text. */
export function KeepingSettings({ store, saved, problem }: KeepingSettingsProps) {
  const { keepsConversations } = saved.settings;
  return (
    <section className="card" aria-labelledby="keeping-title">
      <h2 id="keeping-title">Conversations</h2>
      <label className="switch-row">
        <span>
          <span className="choice-title">Keep conversations</span>
          <span className="quiet" id="keeping-words">
            As text on the computer that runs Parley, never as sound, and sent nowhere. You find them under{" "}
            <a href="#/history">History</a>.
          </span>
        </span>
        <input
          type="checkbox"
          role="switch"
          className="switch"
          aria-label="Keep conversations"
          aria-describedby="keeping-words keeping-problem"
          checked={keepsConversations}
          onChange={(event) => {
            const { checked } = event.target;
            const words = checked ? "Conversations are kept from now on." : "Conversations are no longer kept.";
            void store.save({ field: "keeping", patch: { keepsConversations: checked }, words });
          }}
        />
      </label>
      <ProblemNote id="keeping-problem" problem={problem} />
    </section>
  );
}
