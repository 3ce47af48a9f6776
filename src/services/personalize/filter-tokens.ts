/** A piece of a filter expression: a quoted string, or a word, number, operator or sign. */
export interface Token {
  readonly kind: 'text' | 'word';
  readonly value: string;
}

/** What is wrong with an expression; caught at the door of `parseFilter`. */
export class FilterDiagnostic extends Error {}

const TOKEN =
  /\s*(?:"((?:[^"\\]|\\.)*)"|([A-Za-z_$][A-Za-z0-9_]*|-?\d+(?:\.\d+)?|[<>!]=|[<>=(),.|*])|(\S))/gy;

/** Splits an expression into its tokens. @throws {FilterFault} at a sign that no expression has */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  for (const [, quoted, word, unknown] of text.trimEnd().matchAll(TOKEN)) {
    if (unknown !== undefined) throw new FilterDiagnostic(`unexpected ${unknown}`);
    tokens.push(
      word === undefined
        ? { kind: 'text', value: (quoted ?? '').replaceAll(/\\(.)/g, '$1') }
        : { kind: 'word', value: word },
    );
  }
  return tokens;
}
