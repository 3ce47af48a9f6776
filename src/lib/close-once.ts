/** Whoever closes, first or again, waits until everything is closed. */
export function closeOnce(resources: AsyncDisposable): () => Promise<void> {
  let closed: PromiseLike<void> | undefined;
  return async () => {
    closed ??= resources[Symbol.asyncDispose]();
    await closed;
  };
}
