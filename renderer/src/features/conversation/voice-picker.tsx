interface VoicePickerProps {
  voices: readonly string[];
  voice: string;
  onChoose: (voice: string) => void;
}

/** Which voice answers; takes effect with the next answer. */
export function VoicePicker({ voices, voice, onChoose }: VoicePickerProps) {
  const known = voices.includes(voice) ? voices : [voice, ...voices];
  return (
    <label className="voice-picker">
      <span aria-hidden="true">Voice</span>
      <select aria-label="Voice" value={voice} onChange={(event) => onChoose(event.target.value)}>
        {known.map((name) => (
          <option key={name} value={name}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
