import { describe, expect, it } from 'vitest';
import { findCircle, readSources } from './source-graph.ts';

/** A file imports only from a lower rank, or from its own folder. */
const RANKS: readonly (readonly string[])[] = [
  ['src/lib'],
  ['src/policy', 'src/model'],
  ['src/engine', 'src/sigv4', 'src/wire'],
  ['src/directory'],
  ['src/proof'],
  ['src/sessions', 'src/records'],
  ['src/context-keys'],
  ['src/services'],
  ['src/pipeline'],
  ['src/server'],
  ['src/upstreams', 'src/recorded-calls', 'src/reports'],
  ['src/explanation'],
  ['src/commands'],
  ['src/admin'],
  ['src/config'],
  ['src/app'],
  ['src/index.ts'],
  ['src/cli', 'src/testing'],
];

/** Ranks 0 to 2 compute; they neither read nor wait. */
const PURE_RANKS = 3;
/** Above those ranks, and yet without I/O, clock and randomness. */
const PURE_FOLDERS = ['src/proof/'];
const PURE_NODE_MODULES = new Set(['node:crypto', 'node:zlib']);
const IMPURE =
  /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bperformance\.now\(|\bprocess\.|\bset(?:Timeout|Interval|Immediate)\(|\brandom(?:UUID|Bytes|Int)\(|\bfetch\(/;

const SINGLE_IMPORTERS: Readonly<Record<string, readonly string[]>> = {
  aws4: ['src/sigv4/verify.ts'],
  jose: ['src/sessions/session-token.ts'],
  'http-proxy-middleware': ['src/upstreams/forward.ts'],
};

const MOST_LINES = 250;

const sources = readSources();

function rankOf(path: string): number {
  return RANKS.findIndex((homes) => homes.some((home) => path === home || path.startsWith(`${home}/`)));
}

/** The folder under `src/` that a file belongs to; the files of `src/` itself belong together. */
const homeOf = (path: string): string => path.split('/').slice(0, -1).slice(0, 2).join('/');

describe('the source tree', () => {
  it('gives every file a rank', () => {
    expect(sources.filter(({ path }) => rankOf(path) < 0).map(({ path }) => path)).toEqual([]);
  });

  it('imports only from a lower rank or from the same folder', () => {
    const climbing = sources.flatMap(({ path, imports }) =>
      imports
        .filter((to) => rankOf(to) >= rankOf(path) && homeOf(to) !== homeOf(path))
        .map((to) => `${path} -> ${to}`),
    );
    expect(climbing).toEqual([]);
  });

  it('has no circle of imports, types counted', () => {
    expect(findCircle(sources)).toEqual([]);
  });

  it('lets the command line see the public API only', () => {
    const around = sources
      .filter(({ path }) => path.startsWith('src/cli/'))
      .flatMap(({ path, imports }) =>
        imports
          .filter((to) => !to.startsWith('src/cli/') && to !== 'src/index.ts')
          .map((to) => `${path} -> ${to}`),
      );
    expect(around).toEqual([]);
  });

  it('keeps the lower ranks free of I/O, clocks and randomness', () => {
    const pure = sources.filter(
      ({ path }) => rankOf(path) < PURE_RANKS || PURE_FOLDERS.some((folder) => path.startsWith(folder)),
    );
    const impure = pure.filter(
      ({ text, packages }) =>
        IMPURE.test(text.replaceAll(/^\s*(?:\*|\/\/|\/\*).*$/gm, '')) ||
        packages.some((name) => name.startsWith('node:') && !PURE_NODE_MODULES.has(name)),
    );
    expect(impure.map(({ path }) => path)).toEqual([]);
  });

  it.each(Object.entries(SINGLE_IMPORTERS))(
    'imports %s where it belongs and nowhere else',
    (name, importers) => {
      const found = sources.filter(({ packages }) => packages.includes(name)).map(({ path }) => path);
      expect(found.filter((path) => !importers.includes(path))).toEqual([]);
    },
  );

  it(`keeps files to ${MOST_LINES} lines`, () => {
    const long = sources.filter(({ text }) => text.split('\n').length - 1 > MOST_LINES);
    expect(long.map(({ path }) => path)).toEqual([]);
  });

  it('names files for what they own', () => {
    expect(sources.filter(({ path }) => /\b(?:utils?|helpers?|common|manager|misc)\b/.test(path))).toEqual(
      [],
    );
  });
});
