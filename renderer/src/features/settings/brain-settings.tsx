import { useState } from "react";
import type { SettingsView } from "#contracts/protocol/admin";
import type { UserSettings } from "#contracts/settings/user-settings";
import type { AdminPort, Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import { BrainTrial } from "./brain-trial";
import { ChoiceGroup, titleOf } from "./choice-group";
import { KeySettings } from "./key-settings";
import type { SettingsField, SettingsStore } from "./settings-store";

const CHOICES = [
  {
    value: "auto",
    title: "Automatic",
    words: "A language model found on this computer (Ollama, LM Studio, llama.cpp …), else the built-in responder.",
  },
  { value: "builtin", title: "Built-in responder", words: "Works at once and without a network; knows only little." },
  {
    value: "endpoint",
    title: "My own endpoint",
    words: "Any address that speaks the OpenAI protocol, on this computer or elsewhere.",
  },
] as const;

type Brain = UserSettings["brain"];

interface BrainSettingsProps {
  admin: AdminPort;
  store: SettingsStore;
  saved: SettingsView;
  problems: Readonly<Partial<Record<SettingsField, Problem>>>;
}

/** Where answers come from. */
export function BrainSettings({ admin, store, saved, problems }: BrainSettingsProps) {
  const { brain } = saved.settings;
  /** Chosen, but not saved before it has an address. */
  const [wantsEndpoint, setWantsEndpoint] = useState(false);
  const kind = wantsEndpoint ? "endpoint" : brain.kind;

  const save = async (next: Brain): Promise<void> => {
    const words = `Brain: ${titleOf(CHOICES, next.kind)}. Saved.`;
    await store.save({ field: "brain", patch: { brain: next }, words });
  };
  const choose = (chosen: Brain["kind"]): void => {
    const lacksAddress = chosen === "endpoint" && !isAddress(brain.url);
    setWantsEndpoint(lacksAddress);
    store.setProblem("brain", undefined);
    if (!lacksAddress) void save({ ...brain, kind: chosen });
  };

  return (
    <section className="card" aria-labelledby="brain-title">
      <div className="card-head">
        <h2 id="brain-title">Brain</h2>
        <p className="quiet">In use: {saved.brainLabel}</p>
      </div>
      <ChoiceGroup label="Brain" choices={CHOICES} value={kind} onChoose={choose} />
      {kind === "endpoint" ? (
        <EndpointFields
          admin={admin}
          store={store}
          saved={saved}
          problems={problems}
          onSave={async (fields) => {
            await save({ kind: "endpoint", ...fields });
            setWantsEndpoint(false);
          }}
        />
      ) : (
        <ProblemNote problem={problems.brain} />
      )}
    </section>
  );
}

interface EndpointFieldsProps extends BrainSettingsProps {
  onSave: (fields: Pick<Brain, "url" | "model">) => Promise<void>;
}

/** Saved when a field is left, as soon as the address is one. */
function EndpointFields({ admin, store, saved, problems, onSave }: EndpointFieldsProps) {
  const { brain } = saved.settings;
  const [url, setUrl] = useState(brain.url);
  const [model, setModel] = useState(brain.model);
  const [shown, setShown] = useState(brain);
  // Saved, taken back, or changed in another window. The result of a test stays where it is.
  if (shown.url !== brain.url || shown.model !== brain.model) {
    setShown(brain);
    setUrl(brain.url);
    setModel(brain.model);
  }

  const commit = (fields: Pick<Brain, "url" | "model">): void => {
    const isSame = fields.url === brain.url && fields.model === brain.model && brain.kind === "endpoint";
    if (isSame || (fields.url === "" && brain.url === "")) return store.setProblem("brain", undefined);
    if (!isAddress(fields.url)) {
      const action = "Begin with http:// or https:// and end with the version: http://127.0.0.1:11434/v1.";
      return store.setProblem("brain", { message: "This is not a web address.", action });
    }
    void onSave(fields);
  };
  const current = { url: url.trim(), model: model.trim() };

  return (
    <div className="endpoint">
      <div
        className="field-row"
        onKeyDown={(event) => {
          if (event.key === "Enter") commit(current);
        }}
      >
        <label className="field">
          <span className="field-label">Address</span>
          <input
            value={url}
            onChange={(event) => setUrl(event.target.value)}
            onBlur={() => commit(current)}
            placeholder="http://127.0.0.1:11434/v1"
            maxLength={2000}
            inputMode="url"
            autoComplete="off"
            spellCheck={false}
            aria-invalid={problems.brain !== undefined}
            aria-describedby="brain-problem"
          />
        </label>
        <label className="field">
          <span className="field-label">Model (empty: the first one)</span>
          <input
            value={model}
            onChange={(event) => setModel(event.target.value)}
            onBlur={() => commit(current)}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
          />
        </label>
      </div>
      <ProblemNote id="brain-problem" problem={problems.brain} />
      <KeySettings store={store} saved={saved} problem={problems.key} />
      <BrainTrial
        admin={admin}
        url={current.url}
        model={current.model}
        onChooseModel={(chosen) => {
          setModel(chosen);
          commit({ url: current.url, model: chosen });
        }}
      />
    </div>
  );
}

function isAddress(url: string): boolean {
  return /^https?:\/\//.test(url) && URL.canParse(url);
}
