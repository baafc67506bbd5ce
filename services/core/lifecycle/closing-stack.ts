/** Things to be closed in reverse order of their opening, whether a start was finished or broke off half-way. */
export class ClosingStack {
  readonly #closers: (() => void | Promise<void>)[] = [];

  add(close: () => void | Promise<void>): void {
    this.#closers.push(close);
  }

  /** Waits for a thing and remembers how to close it. */
  async open<T>(opening: Promise<T>, close: (thing: T) => void | Promise<void>): Promise<T> {
    const thing = await opening;
    this.add(() => close(thing));
    return thing;
  }

  /** Closes everything; a failure of one does not keep the others open. Rejects with the first failure. */
  async close(): Promise<void> {
    let failure: { error: unknown } | undefined;
    for (let close = this.#closers.pop(); close !== undefined; close = this.#closers.pop()) {
      try {
        await close();
      } catch (error) {
        failure ??= { error };
      }
    }
    if (failure !== undefined) throw failure.error;
  }
}

/** Runs a start that fills the stack; when it fails, what was opened is closed before the error goes on. */
export async function openAll<T>(start: (stack: ClosingStack) => Promise<T>): Promise<T> {
  const stack = new ClosingStack();
  try {
    return await start(stack);
  } catch (error) {
    await stack.close().catch(() => undefined);
    throw error;
  }
}
