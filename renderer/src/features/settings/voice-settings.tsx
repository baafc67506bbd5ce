import { useEffect, useRef, useState } from "react";
import type { SettingsView } from "#contracts/protocol/admin";
import type { AdminPort, Problem } from "../../ui/admin-port";
import type { SoundCheck } from "../../audio/sound-check";
import { problemIdOf, SettingsSection } from "./settings-section";
import { VoicePreview } from "./voice-preview";
import type { SettingsStore } from "./settings-store";

interface VoiceSettingsProps {
  admin: AdminPort;
  sound: Pick<SoundCheck, "play">;
  store: SettingsStore;
  saved: SettingsView;
  onVoiceSaved: (voice: string) => void;
  problem: Problem | undefined;
}

/** The voice that answers, of those that live workers can speak with. */
export function VoiceSettings(props: VoiceSettingsProps) {
  const { admin, store, saved, problem } = props;
  const offered = useOfferedVoices(admin);
  const { voice } = saved.settings;
  const voices = offered.includes(voice) ? offered : [voice, ...offered];
  const { onVoiceSaved } = props;
  // Also when it was taken back, or saved in another window.
  const known = useRef(voice);
  useEffect(() => {
    if (known.current !== voice) onVoiceSaved(voice);
    known.current = voice;
  }, [voice, onVoiceSaved]);
  const isMissing = offered.length > 0 && !offered.includes(voice);
  return (
    <SettingsSection field="voice" title="Voice" problem={problem}>
      <label className="field">
        <span className="field-label">Answers are spoken by</span>
        <select
          value={voice}
          aria-describedby={problemIdOf("voice")}
          onChange={(event) => {
            const chosen = event.target.value;
            const words = `Voice: ${chosen}. Saved.`;
            void store.save({ field: "voice", patch: { voice: chosen }, words });
          }}
        >
          {voices.map((name) => (
            <option key={name} value={name}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <p className="quiet">
        {isMissing
          ? "No worker that runs now has this voice; until one does, another one answers."
          : "It speaks from the next answer on."}
      </p>
      <VoicePreview admin={admin} sound={props.sound} voice={voice} />
    </SettingsSection>
  );
}

function useOfferedVoices(admin: AdminPort): readonly string[] {
  const [voices, setVoices] = useState<readonly string[]>([]);
  useEffect(() => {
    const watching = admin.watch(["fleet"], (news) => {
      if (news.type !== "fleet") return;
      const live = news.fleet.workers.filter(({ isLive }) => isLive);
      const found = [...new Set(live.flatMap(({ info }) => info.voices))].sort();
      // The same list keeps its identity, so that an open choice is not disturbed every two seconds.
      setVoices((known) => (known.join() === found.join() ? known : found));
    });
    return () => watching.dispose();
  }, [admin]);
  return voices;
}
