import { useState } from "react";
import type { Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import type { SettingsStore } from "./settings-store";

interface KeySettingsProps {
  store: SettingsStore;
  hasKey: boolean;
  problem: Problem | undefined;
}

/** The API key: written, replaced or forgotten, never shown. */
export function KeySettings({ store, hasKey, problem }: KeySettingsProps) {
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
          aria-describedby="key-problem"
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
    </form>
  );
}
