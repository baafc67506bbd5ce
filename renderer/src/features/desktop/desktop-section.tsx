import { useEffect, useState } from "react";
import "../../ui/board.css";
import "./desktop.css";
import type { DesktopBridge, DesktopSettings, DesktopSettingsPatch } from "#contracts/ipc/desktop-bridge";

const STATE_WORDS: Readonly<Record<DesktopSettings["shortcut"]["state"], string>> = {
  on: "Works in every program.",
  off: "No keys are set.",
  taken: "Another program or the system has these keys. Choose others, or free them there.",
  invalid: "There are no such keys. Write them like Ctrl+Shift+Space or F9.",
};

interface DesktopSectionProps {
  bridge: Pick<DesktopBridge, "settings" | "changeSettings">;
}

/** What only the desktop window can do: keys that work everywhere, and a start at login. */
export function DesktopSection({ bridge }: DesktopSectionProps) {
  const [settings, setSettings] = useState<DesktopSettings>();
  useEffect(() => {
    void bridge.settings().then(setSettings, () => undefined);
  }, [bridge]);
  if (settings === undefined) return null;
  const change = (patch: DesktopSettingsPatch): void =>
    void bridge.changeSettings(patch).then(setSettings, () => undefined);
  return (
    <section className="card" aria-labelledby="desktop-title">
      <h2 id="desktop-title">Keys and login</h2>
      <ShortcutField
        key={settings.shortcut.accelerator}
        shortcut={settings.shortcut}
        onChange={(accelerator) => change({ accelerator })}
      />
      <label className="toggle">
        <input
          type="checkbox"
          role="switch"
          checked={settings.login.isOn}
          disabled={!settings.login.isOffered}
          onChange={(event) => change({ startsAtLogin: event.target.checked })}
        />
        Start Parley at login
      </label>
      {!settings.login.isOffered && <p className="quiet">Only the installed app can be started at login.</p>}
    </section>
  );
}

interface ShortcutFieldProps {
  shortcut: DesktopSettings["shortcut"];
  onChange: (accelerator: string) => void;
}

function ShortcutField({ shortcut, onChange }: ShortcutFieldProps) {
  const [text, setText] = useState(() => toWords(shortcut.accelerator));
  const isProblem = shortcut.state === "taken" || shortcut.state === "invalid";
  return (
    <form
      className="field"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(toAccelerator(text));
      }}
    >
      <label className="field-label" htmlFor="shortcut">
        Keys to start and stop talking
      </label>
      <div className="shortcut-row">
        <input
          id="shortcut"
          type="text"
          autoComplete="off"
          spellCheck={false}
          maxLength={60}
          value={text}
          aria-describedby="shortcut-state"
          aria-invalid={isProblem}
          onChange={(event) => setText(event.target.value)}
        />
        <button type="submit" className="button-quiet">
          Set
        </button>
      </div>
      <p id="shortcut-state" className={isProblem ? "shortcut-problem" : "quiet"} role="status">
        {STATE_WORDS[shortcut.state]}
      </p>
    </form>
  );
}

/** Electron's name of the main modifier is nobody's word for a key. */
function toWords(accelerator: string): string {
  return accelerator.replace("CommandOrControl", navigator.userAgent.includes("Mac") ? "Cmd" : "Ctrl");
}

function toAccelerator(text: string): string {
  return text.replaceAll(/\s/g, "");
}
