import { useState } from "react";
import type { Mode } from "#contracts/config/mode";
import type { SettingsView } from "#contracts/protocol/admin";
import type { Problem } from "../../ui/admin-port";
import { ChoiceGroup, titleOf } from "./choice-group";
import { problemIdOf, SettingsSection } from "./settings-section";
import type { SettingsStore } from "./settings-store";

const CHOICES = [
  { value: "full", title: "Everything", words: "Conversations, and a voice of this computer’s own." },
  {
    value: "client",
    title: "Conversations only",
    words: "The voices come from other computers that use the same Redis.",
  },
  {
    value: "worker",
    title: "Worker only",
    words: "This computer lends its voice to others and holds no conversations itself.",
  },
] as const;

interface ModeSettingsProps {
  store: SettingsStore;
  saved: SettingsView;
  problem: Problem | undefined;
}

const TITLE = "What runs on this computer";

/** What of Parley runs on this computer. Holds at once. */
export function ModeSettings({ store, saved, problem }: ModeSettingsProps) {
  /** It ends conversations, so the person is asked first. */
  const [asksForWorker, setAsksForWorker] = useState(false);
  const fixedBy = saved.fixedBy.mode;
  const { mode } = saved.settings;
  const save = (next: Mode): void => {
    setAsksForWorker(false);
    const words = `This computer runs: ${titleOf(CHOICES, next)}. Saved.`;
    void store.save({ field: "mode", patch: { mode: next }, words });
  };
  return (
    <SettingsSection field="mode" title={TITLE} problem={problem}>
      {fixedBy === undefined ? (
        <ChoiceGroup
          label={TITLE}
          choices={CHOICES}
          value={asksForWorker ? "worker" : mode}
          describedBy={problemIdOf("mode")}
          onChoose={(next) => {
            if (next === "worker" && mode !== "worker") setAsksForWorker(true);
            else save(next);
          }}
        />
      ) : (
        <p>
          {titleOf(CHOICES, mode)}: fixed by <code>{fixedBy}</code>, with which Parley was started.
        </p>
      )}
      {asksForWorker && (
        <div className="result" role="alert">
          <p>A conversation that runs ends, and this page shows how the worker fares.</p>
          <div className="field-row">
            <button type="button" onClick={() => save("worker")}>
              Switch to worker only
            </button>
            <button
              type="button"
              className="button-quiet"
              onClick={(event) => {
                // This button goes; the keyboard stays with the choice.
                const section = event.currentTarget.closest("section");
                section?.querySelector<HTMLElement>(`input[value="${mode}"]`)?.focus();
                setAsksForWorker(false);
              }}
            >
              Leave it as it is
            </button>
          </div>
        </div>
      )}
    </SettingsSection>
  );
}
