import type { ReactNode } from "react";
import type { Problem } from "../../ui/admin-port";
import { ProblemNote } from "../../ui/problem-note";
import type { SettingsField } from "./settings-store";

interface SettingsSectionProps {
  field: SettingsField;
  title: string;
  /** Why the last change was not saved. */
  problem: Problem | undefined;
  children: ReactNode;
}

/** A card of the settings: what may be changed, and below it what went wrong. */
export function SettingsSection({ field, title, problem, children }: SettingsSectionProps) {
  return (
    <section className="card" aria-labelledby={`${field}-title`}>
      <h2 id={`${field}-title`}>{title}</h2>
      {children}
      <ProblemNote id={problemIdOf(field)} problem={problem} />
    </section>
  );
}

/** For `aria-describedby` of what the problem is about. */
export function problemIdOf(field: SettingsField): string {
  return `${field}-problem`;
}
