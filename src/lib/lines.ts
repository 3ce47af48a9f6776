/**
 * Splits a stream of chunks into lines, without their ends (` ` or `\r `). Only these end a line: JSON may contain
 * U+2028, which `node:readline` treats as a line end. Content after the last ` ` is a line unless it is empty.
 */
export async function* readLines(chunks: AsyncIterable<string>): AsyncGenerator<string, void, undefined> {
  let rest: string[] = [];
  for await (const chunk of chunks) {
    const [first = '', ...more] = chunk.split('\n');
    rest.push(first);
    for (const next of more) {
      yield withoutReturn(rest.join(''));
      rest = [next];
    }
  }
  const last = rest.join('');
  if (last !== '') yield withoutReturn(last);
}

const withoutReturn = (line: string): string => (line.endsWith('\r') ? line.slice(0, -1) : line);
