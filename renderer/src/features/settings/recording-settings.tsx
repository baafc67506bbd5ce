import type { SettingsView } from "#contracts/protocol/admin";
import type { Problem } from "../../ui/admin-port";
import { ChoiceGroup, titleOf } from "./choice-group";
import { problemIdOf, SettingsSection } from "./settings-section";
import type { SettingsStore } from "./settings-store";

const CHOICES = [
  { value: "off", title: "Nothing", words: "What is said is forgotten when the conversation ends." },
  { value: "text", title: "The words", words: "What you both said, to read and search in History." },
  { value: "audio", title: "Words and sound", words: "You can hear it again. An hour takes up to 700 MB." },
] as const;

interface RecordingSettingsProps {
  store: SettingsStore;
  saved: SettingsView;
  problem: Problem | undefined;
}

/** What is kept of conversations. Holds at once, for the one that runs too. */
export function RecordingSettings({ store, saved, problem }: RecordingSettingsProps) {
  return (
    <SettingsSection field="recording" title="Keeping conversations" problem={problem}>
      <ChoiceGroup
        label="Keeping conversations"
        choices={CHOICES}
        value={saved.settings.recording}
        describedBy={problemIdOf("recording")}
        onChoose={(recording) => {
          const title = titleOf(CHOICES, recording);
          void store.save({ field: "recording", patch: { recording }, words: `Kept from now on: ${title}. Saved.` });
        }}
      />
      {saved.recordingsFolder !== undefined && (
        <p className="quiet">
          Kept on this computer only, in <code>{saved.recordingsFolder}</code>.
        </p>
      )}
    </SettingsSection>
  );
}
