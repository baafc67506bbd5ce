import { useEffect, useState } from "react";
import type { SettingsView } from "#contracts/protocol/admin";
import type { AdminPort, Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import type { SettingsStore } from "./settings-store";

interface VoiceSettingsProps {
  admin: AdminPort;
  store: SettingsStore;
  saved: SettingsView;
  problem: Problem | undefined;
}

/** The voice that answers, of those that live workers can speak with. */
export function VoiceSettings({ admin, store, saved, problem }: VoiceSettingsProps) {
  const offered = useOfferedVoices(admin);
  const { voice } = saved.settings;
  const voices = offered.includes(voice) ? offered : [voice, ...offered];
  const isMissing = offered.length > 0 && !offered.includes(voice);
  return (
    <section className="card" aria-labelledby="voice-title">
      <h2 id="voice-title">Voice</h2>
      <label className="field">
        <span className="field-label">Answers are spoken by</span>
        <select
          value={voice}
          aria-describedby="voice-problem"
          onChange={(event) => {
            const chosen = event.target.value;
            void store.save({ field: "voice", patch: { voice: chosen }, words: `Voice: ${chosen}. Saved.` });
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
          : "New conversations begin with it. During a conversation, choose on the Talk screen."}
      </p>
      <ProblemNote id="voice-problem" problem={problem} />
    </section>
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
