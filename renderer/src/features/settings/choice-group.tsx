interface Choice<Value extends string> {
  value: Value;
  title: string;
  words: string;
}

interface ChoiceGroupProps<Value extends string> {
  /** Name of the group for screen readers. */
  label: string;
  choices: readonly Choice<Value>[];
  /** Another one than those offered: none is chosen. */
  value: string;
  /** Id of the problem beside it. */
  describedBy?: string;
  onChoose: (value: Value) => void;
}

/** As the person sees a choice; the value itself where it is none of those offered. */
export function titleOf(choices: readonly Choice<string>[], value: string): string {
  return choices.find((choice) => choice.value === value)?.title ?? value;
}

/** One of a few, each with its meaning in plain words. */
export function ChoiceGroup<Value extends string>(props: ChoiceGroupProps<Value>) {
  const { label, choices, value, onChoose } = props;
  return (
    <div role="radiogroup" aria-label={label} aria-describedby={props.describedBy} className="choices">
      {choices.map((choice) => (
        <label key={choice.value} className="choice">
          <input
            type="radio"
            name={label}
            value={choice.value}
            checked={choice.value === value}
            onChange={() => onChoose(choice.value)}
          />
          <span>
            <span className="choice-title">{choice.title}</span>
            <span className="quiet">{choice.words}</span>
          </span>
        </label>
      ))}
    </div>
  );
}
