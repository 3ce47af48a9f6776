import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

export interface SourceFile {
  /** Relative to the repository, e.g. `src/engine/decide.ts`. */
  readonly path: string;
  readonly text: string;
  /** Files of the project that it imports, types counted. */
  readonly imports: readonly string[];
  /** Files and packages that are loaded with it: imports of values that are not deferred by `import()`. */
  readonly loads: readonly string[];
  /** Packages and Node modules that it imports, e.g. `aws4`, `node:fs`. */
  readonly packages: readonly string[];
}

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)['"]([^'"]+)['"]/gm;

const LOADED =
  /^(?:import(?! type\b)|export(?! type\b))[^'"();=]*?from\s*['"]([^'"]+)['"]|^import\s+['"]([^'"]+)['"]/gm;

/** Every TypeScript file under `src/`, with what it imports. */
export function readSources(): readonly SourceFile[] {
  return readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => join('src', path))
    .sort()
    .map(readSource);
}

function readSource(path: string): SourceFile {
  const text = readFileSync(join(ROOT, path), 'utf8');
  const specifiers = [...text.matchAll(SPECIFIER)].map(([, specifier]) => specifier ?? '');
  const local = specifiers.filter((specifier) => specifier.startsWith('.'));
  const resolved = (specifier: string): string => relative(ROOT, join(ROOT, dirname(path), specifier));
  const loaded = [...text.matchAll(LOADED)].map(([, from, bare]) => from ?? bare ?? '');
  return {
    path,
    text,
    imports: local.map(resolved),
    loads: loaded.map((specifier) =>
      specifier.startsWith('.') ? resolved(specifier) : packageName(specifier),
    ),
    packages: specifiers.filter((specifier) => !specifier.startsWith('.')).map(packageName),
  };
}

function packageName(specifier: string): string {
  if (specifier.startsWith('node:')) return specifier;
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** All files and packages that are loaded when a file is, itself included. */
export function loadedWith(path: string, sources: readonly SourceFile[]): ReadonlySet<string> {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const loaded = new Set<string>();
  const visit = (each: string): void => {
    if (loaded.has(each)) return;
    loaded.add(each);
    for (const next of byPath.get(each)?.loads ?? []) visit(next);
  };
  visit(path);
  return loaded;
}

/** The first circle of imports found, as the files on it; empty where there is none. */
export function findCircle(sources: readonly SourceFile[]): readonly string[] {
  const byPath = new Map(sources.map((source) => [source.path, source]));
  const done = new Set<string>();
  const trail: string[] = [];
  const visit = (path: string): readonly string[] => {
    const start = trail.indexOf(path);
    if (start >= 0) return [...trail.slice(start), path];
    if (done.has(path)) return [];
    trail.push(path);
    for (const next of byPath.get(path)?.imports ?? []) {
      const circle = visit(next);
      if (circle.length > 0) return circle;
    }
    trail.pop();
    done.add(path);
    return [];
  };
  for (const { path } of sources) {
    const circle = visit(path);
    if (circle.length > 0) return circle;
  }
  return [];
}
