import type { AppOptions } from '../server/app.ts';
import type { AdminParts } from './open-admin.ts';

type OpenPages = NonNullable<AppOptions['openPages']>;

/**
 * `/_authz` and the page at `/`. Express, and the commands that the console offers, are loaded for the first request to one
 * of them: calls of AWS's API need neither.
 */
export class OwnPages implements AsyncDisposable {
  readonly #parts: AdminParts;
  #opened: ReturnType<typeof openOwnPages> | undefined;

  constructor(parts: AdminParts) {
    this.#parts = parts;
  }

  readonly open: OpenPages = async (calls) => {
    this.#opened ??= openOwnPages(this.#parts, calls);
    return (await this.#opened).pages;
  };

  /** Ends the streams, which must be closed before the server can be. */
  async [Symbol.asyncDispose](): Promise<void> {
    const opened = await this.#opened?.catch(() => undefined);
    opened?.streams[Symbol.dispose]();
  }
}

async function openOwnPages(parts: AdminParts, calls: Parameters<OpenPages>[0]) {
  const { openAdmin } = await import('./open-admin.ts');
  const { landingPage } = await import('../admin/landing-page.ts');
  const { createPages } = await import('../server/pages.ts');
  const { router, streams } = openAdmin(parts);
  return { pages: createPages({ admin: router, landing: landingPage, calls }), streams };
}
