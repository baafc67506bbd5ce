import { useState } from "react";
import type { SettingsView } from "#contracts/protocol/admin";
import type { Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import type { SettingsStore } from "./settings-store";

const KEEPING_WORDS: Readonly<Record<SettingsView["secretKeeping"], string>> = {
  keyring: "It is kept encrypted by this computer's keyring.",
  file: "It is kept in the settings file, which only your user may read.",
  none: "This desktop has no keyring that could encrypt it (such as GNOME Keyring or KWallet), so it is forgotten when Parley ends.",
};

interface KeySettingsProps {
  store: SettingsStore;
  saved: SettingsView;
  problem: Problem | undefined;
}

/** The API key: written, replaced or forgotten, never shown. */
export function KeySettings({ store, saved, problem }: KeySettingsProps) {
  const hasKey = saved.hasBrainApiKey;
  const [key, setKey] = useState("");
  const save = async (): Promise<void> => {
    if (key === "") return;
    await store.save({ field: "key", patch: { brainApiKey: key }, words: "API key saved." });
    if (store.getState().problems.key === undefined) setKey("");
  };
  return (
    <form
      className="field-row"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <label className="field">
        <span className="field-label">API key, if it needs one</span>
        <input
          type="password"
          value={key}
          onChange={(event) => setKey(event.target.value)}
          placeholder={hasKey ? "A key is saved" : "None saved"}
          maxLength={1000}
          autoComplete="off"
          aria-describedby="key-problem key-words"
        />
      </label>
      <button type="submit" className="button-quiet" disabled={key === ""}>
        Save key
      </button>
      {hasKey && (
        <button
          type="button"
          className="button-quiet"
          onClick={() => void store.save({ field: "key", patch: { brainApiKey: "" }, words: "API key forgotten." })}
        >
          Forget key
        </button>
      )}
      <ProblemNote id="key-problem" problem={problem} />
      <p className="quiet" id="key-words">
        Sent to this address alone, and never shown again. {KEEPING_WORDS[saved.secretKeeping]}
      </p>
    </form>
  );
}
