import type { SettingsView } from "#contracts/protocol/admin";

/** Who answers, and how to get somebody better. */
export function BrainFound({ saved }: { saved: SettingsView }) {
  return (
    <section className="card" aria-labelledby="first-brain">
      <h2 id="first-brain">Who answers</h2>
      <p>
        <strong>{saved.brainLabel}</strong>
      </p>
      <p className="quiet">
        {saved.hasLanguageModel
          ? "This language model answers you."
          : "No language model was found on this computer. What is built in works offline and knows little: greetings, time, sums, spelling, stories. Start Ollama or LM Studio, or name an endpoint in Settings, for real conversations."}
      </p>
    </section>
  );
}
