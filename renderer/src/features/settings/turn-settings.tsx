import type { SettingsView } from "#contracts/protocol/admin";
import type { Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import { ChoiceGroup } from "./choice-group";
import type { SettingsStore } from "./settings-store";

const CHOICES = [
  { value: "quick", title: "Quick", words: "Answers as soon as you pause. May cut in while you still think." },
  { value: "balanced", title: "Balanced", words: "Waits a moment after you stop. Right for most people." },
  { value: "patient", title: "Patient", words: "Leaves you time to think in the middle of a sentence." },
] as const;

interface TurnSettingsProps {
  store: SettingsStore;
  saved: SettingsView;
  problem: Problem | undefined;
}

/** How long Parley waits before it answers. */
export function TurnSettings({ store, saved, problem }: TurnSettingsProps) {
  return (
    <section className="card" aria-labelledby="turn-title">
      <h2 id="turn-title">Taking turns</h2>
      <ChoiceGroup
        label="Taking turns"
        choices={CHOICES}
        value={saved.settings.turnPreset}
        describedBy="turn-problem"
        onChoose={(turnPreset) => {
          const title = CHOICES.find(({ value }) => value === turnPreset)?.title ?? turnPreset;
          void store.save({ field: "turn", patch: { turnPreset }, words: `Taking turns: ${title}. Saved.` });
        }}
      />
      {saved.settings.turnPreset === "configured" && (
        <p className="quiet">Now the configuration file sets delays of its own.</p>
      )}
      <ProblemNote id="turn-problem" problem={problem} />
    </section>
  );
}
