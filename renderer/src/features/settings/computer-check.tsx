import { useState } from "react";
import type { DoctorReport, Finding } from "#contracts/doctor/report";
import { toProblem, type AdminPort, type Problem } from "../../ui/admin-port";
import { plural } from "../../ui/figures";
import { ProblemNote } from "../../ui/problem-note";

type Examination =
  | { type: "none" }
  | { type: "running" }
  | { type: "done"; report: DoctorReport }
  | { type: "failed"; problem: Problem };

/** Looks the computer over on demand: what is wrong, and the command that mends it. */
export function ComputerCheck({ admin }: { admin: AdminPort }) {
  const [examination, setExamination] = useState<Examination>({ type: "none" });
  const run = async (): Promise<void> => {
    setExamination({ type: "running" });
    try {
      setExamination({ type: "done", report: await admin.call("computer-check", {}) });
    } catch (error) {
      setExamination({ type: "failed", problem: toProblem(error) });
    }
  };
  return (
    <section className="card" aria-labelledby="computer-title">
      <h2 id="computer-title">This computer</h2>
      <p className="quiet">Redis, ports, models, memory, sound: what keeps Parley from working, and what mends it.</p>
      <button
        type="button"
        className="button-quiet fit"
        disabled={examination.type === "running"}
        onClick={() => void run()}
      >
        {examination.type === "running" ? "Checking…" : "Check this computer"}
      </button>
      <ProblemNote problem={examination.type === "failed" ? examination.problem : undefined} />
      <p role="status">{examination.type === "done" && sumOf(examination.report)}</p>
      {examination.type === "done" && <Findings {...examination.report} />}
    </section>
  );
}

const ORDER = ["broken", "warn", "ok"] as const;
const STATUS_WORDS: Readonly<Record<Finding["status"], string>> = { broken: "Broken", warn: "To know", ok: "OK" };

/** The worst first. */
function Findings({ findings }: DoctorReport) {
  const sorted = ORDER.flatMap((wanted) => findings.filter(({ status }) => status === wanted));
  return (
    <ul className="findings" aria-label="Findings">
      {sorted.map(({ check, status, words, fix }) => (
        <li key={`${check} ${words}`} className={`finding is-${status}`}>
          <span className="finding-status">{STATUS_WORDS[status]}</span>
          <div>
            <p>{words}</p>
            {fix !== undefined && <code>{fix}</code>}
          </div>
        </li>
      ))}
    </ul>
  );
}

function sumOf({ findings }: DoctorReport): string {
  const count = findings.filter(({ status }) => status === "broken").length;
  return count === 0 ? "Nothing is broken." : `${plural(count, "thing")} broken.`;
}
