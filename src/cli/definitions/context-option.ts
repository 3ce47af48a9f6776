import { InvalidArgumentError } from 'commander';

type Context = Readonly<Record<string, string | readonly string[]>>;

/** Adds a context key that is given as `KEY=VALUE`; the same key again makes a list. */
export function addContext(pair: string, before: Context): Context {
  const equals = pair.indexOf('=');
  if (equals < 1) throw new InvalidArgumentError('A context key is given as KEY=VALUE.');
  const [key, value] = [pair.slice(0, equals), pair.slice(equals + 1)];
  const earlier = before[key];
  return { ...before, [key]: earlier === undefined ? value : [earlier, value].flat() };
}
