/** Returns a function that closes the resources once; every call waits until they are closed. */
export function closeOnce(resources: AsyncDisposable): () => Promise<void> {
  let closed: PromiseLike<void> | undefined;
  return async () => {
    closed ??= resources[Symbol.asyncDispose]();
    await closed;
  };
}
