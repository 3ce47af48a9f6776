import { Recent } from './recent.ts';

/** Longer texts are worked on each time: what clients send must not fill the memory. */
const MOST_CHARACTERS = 512;
const SIZE = 1000;

/** Does work once for each of the texts that clients repeat with every request; the ones used last are kept. */
export function rememberText<Value extends object | string>(
  work: (text: string) => Value,
): (text: string) => Value {
  const known = new Recent<string, Value>(SIZE);
  return (text) => {
    const found = known.get(text);
    if (found !== undefined) return found;
    if (text.length > MOST_CHARACTERS) return work(text);
    // A part of a header is a view in V8, which would keep the whole header alive.
    const own = Buffer.from(text).toString();
    const value = work(own);
    known.set(own, value);
    return value;
  };
}
