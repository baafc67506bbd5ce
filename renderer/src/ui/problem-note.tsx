import type { Problem } from "./admin-port";

/** A failure beside what it concerns: what happened and what to do. */
export function ProblemNote({ problem, id }: { problem: Problem | undefined; id?: string }) {
  return (
    <div className="problem-note" role="alert" id={id}>
      {problem !== undefined && (
        <>
          <strong>{problem.message}</strong> {problem.action}
        </>
      )}
    </div>
  );
}
