/** Sum and count of a histogram without labels, from the Prometheus text format. Throws when it is not there. */
export function readHistogram(text: string, name: string): { sum: number; count: number } {
  const read = (suffix: string): number => {
    const line = text.split("\n").find((candidate) => candidate.startsWith(`${name}_${suffix} `));
    if (line === undefined) throw new Error(`the metrics do not hold ${name}_${suffix}`);
    return Number(line.slice(line.indexOf(" ") + 1));
  };
  return { sum: read("sum"), count: read("count") };
}

/** Value of a counter or gauge without labels. Throws when it is not there. */
export function readValue(text: string, name: string): number {
  const value = new RegExp(`^${name} (\\S+)$`, "m").exec(text)?.[1];
  if (value === undefined) throw new Error(`the metrics do not hold ${name}`);
  return Number(value);
}
