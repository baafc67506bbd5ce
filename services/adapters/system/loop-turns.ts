/**
 * Hands out turns in the order in which they were asked for, one in each turn of the event loop, so that whoever has much to
 * compute in small pieces lets sockets and timers in between. Each call resolves when its turn has come.
 */
export function createLoopTurns(): () => Promise<void> {
  const waiting: (() => void)[] = [];
  const serve = (): void => {
    waiting.shift()?.();
    // An immediate that is set by an immediate waits for the next turn of the loop.
    if (waiting.length > 0) setImmediate(serve);
  };
  return () =>
    new Promise((resolve) => {
      waiting.push(resolve);
      if (waiting.length === 1) setImmediate(serve);
    });
}
