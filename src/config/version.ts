import { readFileSync } from 'node:fs';

/** The version of this package; `package.json` is above `src/` and above `dist/` alike. */
export const version = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    readonly version: string;
  }
).version;
