import type { ReactNode } from "react";
import type { Advice } from "./device-check";

/** What is wrong with a device, and what to do. */
export function AdviceNote({ advice, children }: { advice: Advice; children?: ReactNode }) {
  return (
    <div className="problem" role="alert">
      <div>
        <p className="problem-words">{advice.words}</p>
        <p className="problem-action">{advice.action}</p>
      </div>
      {children !== undefined && <div className="problem-buttons">{children}</div>}
    </div>
  );
}
