import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';

const SOURCES = fileURLToPath(new URL('../../src', import.meta.url));

/** These parse the operator's own files only, not requests. */
const OF_OWN_FILES: ReadonlySet<string> = new Set([
  'commands/import/terraform/references.ts',
  'commands/import/terraform/resources.ts',
]);

interface Found {
  readonly file: string;
  readonly regExp: RegExp;
}

/** Every regular expression literal in a file. */
function regexesOf(file: string): readonly Found[] {
  const found: Found[] = [];
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    const { regex } = node as { readonly regex?: { readonly pattern: string; readonly flags: string } };
    if (regex) found.push({ file, regExp: new RegExp(regex.pattern, regex.flags.replace('y', '')) });
    for (const child of Object.values(node)) visit(child);
  };
  visit(parseSync(file, readFileSync(join(SOURCES, file), 'utf8')).program);
  return found;
}

/** Strings that match far into the expression: a sample of each of its atoms. */
function atomsOf(source: string): readonly string[] {
  const classes: Readonly<Record<string, string>> = {
    d: '1',
    w: 'a',
    s: ' ',
    S: 'a',
    D: 'a',
    W: ' ',
    n: '\n',
    t: '\t',
  };
  const literal = source
    .replaceAll(/\(\?<?[:=!]|\(\?<\w+>|\\[bB]|[\^$()|]/g, '\u0000')
    .replaceAll(/\[\^?((?:\\.|[^\]])*)\]/g, (_, inside: string) => {
      const sample = /\\?./.exec(inside)?.[0] ?? 'a';
      return sample.startsWith('\\') ? (classes[sample.charAt(1)] ?? sample.charAt(1)) : sample;
    })
    .replaceAll(/\\(.)/g, (_, character: string) => classes[character] ?? character)
    .replaceAll(/\{\d*,?\d*\}/g, '\u0000')
    .replaceAll(/[*+?]/g, '\u0000');
  const runs = literal.split('\u0000').filter((run) => run !== '');
  return [...new Set([...runs, ...runs.flatMap((run) => [run.slice(-1), run.slice(0, 1)])])];
}

const COMMON = ['a', '1', ' ', '/', ':', '.', '%', '-'];

/**
 * Strings that match far, and then fail: prefixes of the expression, one unit many times, and an end that never
 * matches.
 */
function hostileTexts({ source }: RegExp): readonly ((length: number) => string)[] {
  const atoms = atomsOf(source);
  const units = [...new Set([...atoms, ...COMMON, atoms.join('')])].filter((unit) => unit !== '');
  const prefixes = new Set([
    '',
    ...atoms.slice(0, 2),
    atoms.slice(0, 2).join(''),
    atoms.slice(0, -1).join(''),
  ]);
  return units.flatMap((unit) =>
    [...prefixes].map(
      (prefix) => (length: number) => `${prefix}${unit.repeat(length / unit.length)}\n\u0000`,
    ),
  );
}

/** Each is four times as long as the previous one. */
const LENGTHS = [400, 1_600, 6_400, 25_600];
/** A linear search takes well under a millisecond for 6,400 characters, a quadratic one tens of milliseconds. */
const SUSPECT_MILLIS = 2;

/** CPU time of this thread, so that other work of the machine is not counted; the best of up to three. */
function millisOf(regExp: RegExp, text: string): number {
  let best = Number.POSITIVE_INFINITY;
  for (let i = 0; i < 3 && best > SUSPECT_MILLIS; i += 1) {
    const before = process.threadCpuUsage();
    text.replace(regExp, '');
    best = Math.min(best, process.threadCpuUsage(before).user / 1000);
  }
  return best;
}

/** A string on which the time grows faster than its length: 16 times the length takes more than 60 times as long. */
function findSlow(regExp: RegExp): string | undefined {
  for (const textOf of hostileTexts(regExp)) {
    const millis: number[] = [];
    for (const length of LENGTHS) {
      if (length > 6_400 && (millis.at(-1) ?? 0) < SUSPECT_MILLIS) break;
      const now = millisOf(regExp, textOf(length));
      const growth = now / Math.max(millis.at(-2) ?? now, 0.05);
      if (now > 10 * SUSPECT_MILLIS && growth > 60) return textOf(60);
      millis.push(now);
    }
  }
  return undefined;
}

describe('the regular expressions of the program', () => {
  it.each([/^\d+\.?\d*$/, /\s+$/, /<[^>]*>/])('are reported if they are not linear, such as %s', (regExp) => {
    expect(findSlow(regExp)).toBeDefined();
  });

  it('all take linear time for hostile strings', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) =>
      file.endsWith('.ts'),
    );
    const found = files.filter((file) => !OF_OWN_FILES.has(file)).flatMap(regexesOf);
    expect(found.length).toBeGreaterThan(200);
    const slow = found.flatMap(({ file, regExp }) => {
      const text = findSlow(regExp);
      return text === undefined ? [] : [`${file} ${regExp} ${JSON.stringify(text)}`];
    });
    expect(slow).toEqual([]);
  }, 120_000);
});
