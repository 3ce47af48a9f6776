let current: Promise<void> | undefined;

/**
 * Resolves at the end of this turn of the event loop, once everything that was received in it has been read: for all who
 * wait, one directly after another. Messages are sent then (docs/decisions/0010), because a write wakes the process that
 * reads it, and to do that for each message between other work takes longer than the write itself.
 */
export function turnEnd(): Promise<void> {
  if (current === undefined) {
    const { promise, resolve } = Promise.withResolvers<void>();
    current = promise;
    setImmediate(() => {
      current = undefined;
      resolve();
    });
  }
  return current;
}
