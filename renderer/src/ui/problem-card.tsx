import type { ReactNode } from "react";

interface ProblemCardProps {
  words: string;
  action: string;
  onDismiss: () => void;
  /** A button that does what the action says, if the page can. */
  children?: ReactNode;
}

/** What went wrong and what to do about it. */
export function ProblemCard({ words, action, onDismiss, children }: ProblemCardProps) {
  return (
    <section className="problem" role="alert">
      <div>
        <p className="problem-words">{words}</p>
        <p className="problem-action">{action}</p>
      </div>
      <div className="problem-buttons">
        {children}
        <button type="button" className="button-quiet" onClick={onDismiss}>
          Dismiss
        </button>
      </div>
    </section>
  );
}
