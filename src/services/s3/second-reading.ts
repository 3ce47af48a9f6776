import { splitTarget } from '../../wire/query-parameters.ts';

/** What a path, or a copy source read as a path, must not have where another S3 reads it after this one. */
const RAW: readonly (readonly [RegExp, string])[] = [
  [/[#;]/, 'a # or ; that is not percent-encoded'],
  [/\\/, 'a backslash'],
];
const RAW_IN_PATH: readonly (readonly [RegExp, string])[] = [
  [/\+/, 'a + that is not percent-encoded, which S3 reads as a space'],
];

/**
 * Why another reader could take the target of a request for another object than this one does: it resolves `.` and `..`,
 * merges slashes, takes `\` for `/`, or ends the path at `#`, `;` or a NUL. `undefined` if there is one reading.
 */
export function secondReading(target: string): string | undefined {
  const { path } = splitTarget(target);
  const raw =
    RAW.find(([pattern]) => pattern.test(target)) ?? RAW_IN_PATH.find(([pattern]) => pattern.test(path));
  if (raw) return raw[1];
  const [, ...segments] = decoded(path).split('/');
  if (segments.some((segment) => segment === '.' || segment === '..')) return 'a segment . or ..';
  if (segments.slice(0, -1).includes('')) return 'an empty segment';
  if (segments.some((segment) => segment.includes('\\'))) return 'a backslash';
  return segments.some((segment) => segment.includes('\0')) ? 'a NUL' : undefined;
}

/** A broken escape is for the reader of the path to refuse. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
