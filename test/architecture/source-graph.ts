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
  /** Packages and Node modules that it imports, e.g. `aws4`, `node:fs`. */
  readonly packages: readonly string[];
}

const SPECIFIER = /(?:\bfrom\s*|\bimport\s*\(\s*|^\s*import\s+)['"]([^'"]+)['"]/gm;

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
  return {
    path,
    text,
    imports: local.map((specifier) => relative(ROOT, join(ROOT, dirname(path), specifier))),
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
