/** What a worker of the predecessor says of itself; all else that it says is constant and not to be trusted. */
export interface ForeignFacts {
  languages: string[];
  residentModels: string[];
  /** Sessions that somebody has open there, ours included. */
  sessionCount: number;
}

export interface ForeignProbe {
  /** Asks the worker at host:port. Throws `worker-lost` or `worker-refused` when it is no worker of the predecessor. */
  probe(address: string): Promise<ForeignFacts>;
}
