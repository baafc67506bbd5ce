import type { SettingsView } from "#contracts/protocol/admin";
import type { Problem } from "../../ui/admin-port";
import { ChoiceGroup, titleOf } from "./choice-group";
import { problemIdOf, SettingsSection } from "./settings-section";
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
    <SettingsSection field="turn" title="Taking turns" problem={problem}>
      <ChoiceGroup
        label="Taking turns"
        choices={CHOICES}
        value={saved.settings.turnPreset}
        describedBy={problemIdOf("turn")}
        onChoose={(turnPreset) => {
          const title = titleOf(CHOICES, turnPreset);
          void store.save({ field: "turn", patch: { turnPreset }, words: `Taking turns: ${title}. Saved.` });
        }}
      />
      {saved.settings.turnPreset === "configured" && (
        <p className="quiet">Now the configuration file sets delays of its own.</p>
      )}
    </SettingsSection>
  );
}
