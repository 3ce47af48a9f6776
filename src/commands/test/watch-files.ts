import { watch } from 'chokidar';

/** An editor saves in several steps; what follows this soon belongs together. */
const SETTLE_MILLIS = 100;

/** Resolves when it watches; then calls back after changes of files and folders have settled, once for all of them. */
export async function watchFiles(paths: readonly string[], onChange: () => void): Promise<AsyncDisposable> {
  let timer: NodeJS.Timeout | undefined;
  const watcher = watch([...paths], { ignoreInitial: true }).on('all', () => {
    clearTimeout(timer);
    timer = setTimeout(onChange, SETTLE_MILLIS);
  });
  await new Promise<void>((resolve) => watcher.once('ready', () => resolve()));
  return {
    async [Symbol.asyncDispose]() {
      clearTimeout(timer);
      await watcher.close();
    },
  };
}
