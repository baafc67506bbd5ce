import { useState } from "react";
import type { AdminResponse } from "#contracts/protocol/admin";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import { formatMs, plural } from "../../ui/figures";
import { ProblemNote } from "../../ui/problem-note";

type Trial =
  | { type: "none" }
  | { type: "running" }
  | { type: "answered"; answer: AdminResponse<"brain-test"> }
  | { type: "failed"; problem: Problem };

interface BrainTrialProps {
  admin: AdminPort;
  url: string;
  model: string;
  onChooseModel: (model: string) => void;
}

/** More models than this are not listed one by one. */
const MAX_LISTED = 12;

/** Asks the endpoint for its models and for a word. With the saved key. */
export function BrainTrial({ admin, url, model, onChooseModel }: BrainTrialProps) {
  const [trial, setTrial] = useState<Trial>({ type: "none" });
  const run = async (): Promise<void> => {
    setTrial({ type: "running" });
    try {
      setTrial({ type: "answered", answer: await admin.call("brain-test", { url, model }) });
    } catch (error) {
      setTrial({ type: "failed", problem: toProblem(error) });
    }
  };
  return (
    <div className="brain-trial">
      <button
        type="button"
        className="button-quiet fit"
        disabled={url === "" || trial.type === "running"}
        onClick={() => void run()}
      >
        {trial.type === "running" ? "Testing…" : "Test"}
      </button>
      <ProblemNote problem={trial.type === "failed" ? trial.problem : undefined} />
      <div role="status">
        {trial.type === "answered" && <Answer {...trial.answer} model={model} onChooseModel={onChooseModel} />}
      </div>
    </div>
  );
}

type AnswerProps = AdminResponse<"brain-test"> & Pick<BrainTrialProps, "model" | "onChooseModel">;

function Answer({ models, firstTokenMs, model, onChooseModel }: AnswerProps) {
  return (
    <div className="result">
      <p>
        <strong>It answers</strong>
        {firstTokenMs === undefined
          ? ", but did not say a word in time."
          : `, the first word after ${formatMs(firstTokenMs)}.`}
      </p>
      <p>{models.length === 0 ? "It lists no models." : `It offers ${plural(models.length, "model")}:`}</p>
      <div className="model-list">
        {models.slice(0, MAX_LISTED).map((name) => (
          <button
            key={name}
            type="button"
            className="button-quiet"
            aria-pressed={name === model}
            onClick={() => onChooseModel(name)}
          >
            {name}
          </button>
        ))}
        {models.length > MAX_LISTED && <span className="quiet">and {models.length - MAX_LISTED} more</span>}
      </div>
    </div>
  );
}
