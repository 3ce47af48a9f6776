import { describe, expect, it } from 'vitest';
import { findCircle, loadedWith, readSources } from './source-graph.ts';

/** A file imports only from a lower rank, or from its own folder. */
const RANKS: readonly (readonly string[])[] = [
  ['src/lib'],
  ['src/policy', 'src/model'],
  ['src/engine', 'src/sigv4', 'src/wire'],
  ['src/directory'],
  ['src/proof'],
  ['src/sessions', 'src/records'],
  ['src/context-keys', 'src/upstreams', 'src/state'],
  ['src/calls'],
  ['src/services'],
  ['src/pipeline'],
  ['src/server'],
  ['src/recorded-calls', 'src/reports'],
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

/** Shared code: it reads everything that is specific to a service from the service's descriptor. */
const SHARED = [
  'sigv4',
  'wire',
  'calls',
  'pipeline',
  'server',
  'upstreams',
  'state',
  'sessions',
  'context-keys',
  'admin',
].map((folder) => `src/${folder}/`);
const SERVICE_NAME =
  /'(?:s3|sts|iam|cloudwatch|monitoring|access-analyzer|personalize(?:-\w+)?)'|\b\w*(?:S3|Sts|Cloudwatch|AccessAnalyzer)[A-Z]\w*/;

/** Casts in `services/`, where inputs have the types of their operations (not in the stores, whose drivers return what is untyped). */
const MOST_CASTS = 11;
/** Comments, imports, strings and the clauses of mapped types: there `as` is no cast. */
const NO_CODE =
  /^\s*(?:\*|\/\/|\/\*|import\b).*$|'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`|\bin keyof \w+ as\b/gm;

const MOST_LINES = 250;

/** What the command line loads before it knows which command runs. */
const LIGHT =
  /^src\/(?:cli\/(?:process|main|program|invocation|exit|address|healthcheck|definitions\/[a-z-]+)|config\/version|lib\/start-error)\.ts$/;

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

  it.each([
    // --version, --help and completion
    ['src/cli/process.ts', ['commander', 'picocolors']],
    // and what a container runs every few seconds
    ['src/cli/healthcheck.ts', ['commander']],
  ])('loads no engine, no Express and no service models with %s', (entry, packages) => {
    const loaded = [...loadedWith(entry, sources)];
    const files = loaded.filter((each) => each.startsWith('src/'));
    expect(files.filter((path) => !LIGHT.test(path))).toEqual([]);
    expect(loaded.filter((each) => !each.startsWith('src/') && !each.startsWith('node:')).sort()).toEqual(
      packages,
    );
  });

  it('loads what a proxy offers besides the request path when it is asked for', () => {
    const loaded = [...loadedWith('src/cli/serve.ts', sources), ...loadedWith('src/app/proxy.ts', sources)];
    const deferred =
      /^(?:express|http-proxy-middleware|prom-client|redis|selfsigned|wrap-ansi|fast-xml-parser|src\/(?:proof|explanation)\/.*|src\/admin\/(?!(?:metrics|counted|health)\.ts).*)$/;
    expect(loaded.filter((each) => deferred.test(each))).toEqual([]);
  });

  it('imports in a definition of a command only types of what runs it', () => {
    const heavy = sources
      .filter(({ path }) => path.startsWith('src/cli/definitions/'))
      .flatMap(({ path, loads }) =>
        loads.filter((to) => !LIGHT.test(to) && to !== 'commander').map((to) => `${path} -> ${to}`),
      );
    expect(heavy).toEqual([]);
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

  it.each(Object.entries(SINGLE_IMPORTERS))('imports %s only where it belongs', (name, importers) => {
    const found = sources.filter(({ packages }) => packages.includes(name)).map(({ path }) => path);
    expect(found.filter((path) => !importers.includes(path))).toEqual([]);
  });

  it('names no service outside of services/ and the composition', () => {
    const naming = sources
      .filter(({ path }) => SHARED.some((folder) => path.startsWith(folder)))
      .filter(({ text }) => SERVICE_NAME.test(text.replaceAll(/^\s*(?:\*|\/\/|\/\*|import\b).*$/gm, '')));
    expect(naming.map(({ path }) => path)).toEqual([]);
  });

  it('writes errors in one place of each composition', () => {
    const encoding = sources.filter(({ text }) => /\bencodeError\(/.test(text)).map(({ path }) => path);
    expect(encoding.sort()).toEqual([
      'src/app/stub-request-handler.ts',
      'src/pipeline/finalize.ts',
      'src/server/app.ts',
      'src/wire/encode-error.ts',
    ]);
  });

  it('marks ARNs, account IDs and access key IDs with the functions of lib/identifiers.ts only', () => {
    const casting = sources.filter(({ text }) =>
      /\bas (?:ResourceArn|Arn|AccountId|AccessKeyId)\b/.test(text),
    );
    expect(casting.map(({ path }) => path)).toEqual(['src/lib/identifiers.ts']);
  });

  it(`casts at most ${MOST_CASTS} times in services/`, () => {
    const casts = sources
      .filter(({ path }) => /^src\/services\/(?!personalize\/store\/)/.test(path))
      .flatMap(({ path, text }) =>
        Array.from(
          text.replaceAll(NO_CODE, '').matchAll(/.*\bas (?!const\b).*/g),
          ([line]) => `${path}: ${line}`,
        ),
      );
    expect(casts.length, casts.join('\n')).toBeLessThanOrEqual(MOST_CASTS);
  });

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
