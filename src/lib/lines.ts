/**
 * The lines of a text that comes in pieces, without their ends (`\n` or `\r\n`). Nothing else ends a line: JSON may hold
 * U+2028 as it is, where `node:readline` would cut it in two. What follows the last `\n` is a line unless it is empty.
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
