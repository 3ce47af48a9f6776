import type { ScalarNode } from './document.ts';

/** Thrown for what the full parser has to read. */
export class Unusual extends Error {}

const SPACE = 32;
const NUMBER_SIGN = 35;
const COLON = 58;
const FLOW_MARKS: ReadonlySet<number> = new Set([...',[]{}'].map((mark) => mark.charCodeAt(0)));

export const isQuote = (character: string | undefined): boolean => character === '"' || character === "'";

/** The offset of the next character that is not a space. */
export function skipSpaces(text: string, offset: number): number {
  let next = offset;
  while (text.charCodeAt(next) === SPACE) next += 1;
  return next;
}

/**
 * Where a word without quotes ends: before `: `, before a comment, and in flow collections before their marks. Spaces
 * at its end do not belong to it.
 */
export function endOfPlain(text: string, start: number, to: number, context: 'block' | 'flow'): number {
  let end = start;
  for (let offset = start; offset < to; offset += 1) {
    const code = text.charCodeAt(offset);
    if (code === SPACE) continue;
    if (code === NUMBER_SIGN && end < offset) break;
    if (context === 'flow' && FLOW_MARKS.has(code)) break;
    if (code === COLON && endsKey(text, offset, to, context)) {
      // Spaces before the colon belong to neither side: leave them to the full parser.
      if (end !== offset) throw new Unusual();
      break;
    }
    end = offset + 1;
  }
  return end;
}

function endsKey(text: string, colon: number, to: number, context: 'block' | 'flow'): boolean {
  const next = text.charCodeAt(colon + 1);
  if (context === 'flow' && FLOW_MARKS.has(next)) throw new Unusual();
  return colon + 1 >= to || next === SPACE;
}

/** Where a quoted string ends, which must be on its line. */
export function endOfQuoted(text: string, start: number, to: number): number {
  const quote = text[start];
  for (let offset = start + 1; offset < to; offset += 1) {
    if (quote === '"' && text[offset] === '\\') offset += 1;
    else if (text[offset] === quote) {
      if (quote === '"' || text[offset + 1] !== quote) return offset + 1;
      offset += 1;
    }
  }
  throw new Unusual();
}

/** Words that begin with a character that has no meaning of its own in YAML. */
const WORD = /^(?:[\w/.$(=;^\u00c0-\ud7ff]|[-+][\w.])/;

/** The value of a word or a quoted string. */
export function scalarOf(source: string): Pick<ScalarNode, 'value' | 'text'> {
  if (isQuote(source[0])) {
    const text = quotedValue(source);
    return { value: text, text };
  }
  if (!WORD.test(source)) throw new Unusual();
  const value = plainValue(source);
  return { value, text: value === null ? 'null' : source };
}

const CONSTANTS: ReadonlyMap<string, boolean | null> = new Map<string, boolean | null>([
  ['null', null],
  ['Null', null],
  ['NULL', null],
  ['true', true],
  ['True', true],
  ['TRUE', true],
  ['false', false],
  ['False', false],
  ['FALSE', false],
]);

const NUMBER = /^(?:0|-?[1-9]\d*)(?:\.\d+)?$/;
const RARE_NUMBER = /^[-+]?(?:0[ox]|\.?\d[\d.]*(?:e[-+]?\d*)?$|\.(?:inf|nan)$)/i;

/** The value of a word in the core schema of YAML 1.2. */
function plainValue(source: string): ScalarNode['value'] {
  const constant = CONSTANTS.get(source);
  if (constant !== undefined) return constant;
  const first = source.charCodeAt(0);
  // `+`, `-`, `.` and the digits
  if (first > 57 || (first < 48 && first !== 43 && first !== 45 && first !== 46)) return source;
  if (NUMBER.test(source)) return Number(source);
  if (RARE_NUMBER.test(source)) throw new Unusual();
  return source;
}

/** The escapes of JSON mean the same in YAML. */
function quotedValue(source: string): string {
  if (source.startsWith("'")) return source.slice(1, -1).replaceAll("''", "'");
  if (!source.includes('\\')) return source.slice(1, -1);
  try {
    return String(JSON.parse(source));
  } catch {
    throw new Unusual();
  }
}
