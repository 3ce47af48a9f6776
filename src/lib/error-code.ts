/**
 * The code of a Node.js error (`ENOENT`), or `undefined`. Checks the member, not the class: Jest runs tests in a
 * separate realm, where Node's errors are not instances of `Error`.
 */
export function errorCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
