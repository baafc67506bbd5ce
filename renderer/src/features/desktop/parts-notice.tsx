import { useSyncExternalStore } from "react";
import type { Part, PartsStore } from "./parts-store";
import "./parts-notice.css";

const WORDS: Readonly<Record<Part, string>> = {
  "orchestrator": "The conversation service stopped",
  "desk": "The service of this page stopped",
  "tts-worker": "The voice stopped",
  "ears": "Speech recognition stopped",
};

/** On every screen: which part has died and is being started again. Gone when it is back. */
export function PartsNotice({ parts }: { parts: PartsStore }) {
  const down = useSyncExternalStore(parts.subscribe, parts.getDown);
  return (
    <div className="parts-notice" role="status" aria-label="Parts of Parley">
      {down.map((part) => (
        <p key={part}>{WORDS[part]} and is being started again.</p>
      ))}
    </div>
  );
}
