import { KEYS_HELP_ID, TALK_KEYS } from "./talk-keys";

/** All keys of the conversation. Opens with ? or its button, closes with Esc or a press beside it. */
export function KeysHelp() {
  return (
    <section id={KEYS_HELP_ID} className="keys-help" popover="auto" aria-label="Keys">
      <h2>Keys</h2>
      <dl>
        {TALK_KEYS.map(({ keys, does }) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
