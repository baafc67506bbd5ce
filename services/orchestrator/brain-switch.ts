import type { Brain, BrainInfo, BrainRequest } from "#core/ports/brain";

/** A brain that can be exchanged while conversations run: answers that have begun are finished by the one before. */
export class BrainSwitch implements Brain {
  #current: Brain;

  constructor(initial: Brain) {
    this.#current = initial;
  }

  get info(): BrainInfo {
    return this.#current.info;
  }

  use(brain: Brain): void {
    this.#current = brain;
  }

  respond(request: BrainRequest): AsyncIterable<string> {
    return this.#current.respond(request);
  }
}
