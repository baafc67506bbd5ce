import { useState } from "react";

/** A choice of the person's that outlives the page. Storage that is switched off only forgets. */
export function useRemembered(key: string, initial: boolean): [boolean, (value: boolean) => void] {
  const [value, setValue] = useState(() => recall(key) ?? initial);
  return [
    value,
    (next) => {
      setValue(next);
      remember(key, next);
    },
  ];
}

export function recall(key: string): boolean | undefined {
  try {
    const stored = localStorage.getItem(key);
    return stored === null ? undefined : stored === "true";
  } catch {
    return undefined;
  }
}

export function remember(key: string, value: boolean): void {
  try {
    localStorage.setItem(key, String(value));
  } catch {
    // Nothing depends on it.
  }
}
