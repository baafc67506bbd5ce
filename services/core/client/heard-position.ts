/** What the player knows when it reports. All in samples of the agent's clock. */
export interface PlayoutReport {
  /** Next sample to leave the player. */
  positionSamples: number;
  /** Where the turn began that plays now or played last. */
  turnStartSamples: number;
  /** How long only silence has left the player since. */
  silentSamples: number;
}

/**
 * Where the listener is: the player's position, less what still sits between player and loudspeaker.
 * Never goes back, and never claims a turn of which nothing has come out yet.
 */
export class HeardPosition {
  #heardSamples = 0;

  /** `outputLatencySamples`: delay of everything behind the player. */
  update(report: PlayoutReport, outputLatencySamples: number): number {
    const pendingSamples = Math.max(0, outputLatencySamples - report.silentSamples);
    const heard = Math.floor(report.positionSamples - pendingSamples);
    if (heard > report.turnStartSamples) this.#heardSamples = Math.max(this.#heardSamples, heard);
    return this.#heardSamples;
  }
}
