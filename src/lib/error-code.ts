/**
 * The code of an error of Node (`ENOENT`), or `undefined`. Told by the member, not by the class: jest runs tests in a realm
 * of their own, where an error of Node is no instance of `Error`.
 */
export function errorCode(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null || !('code' in cause)) return undefined;
  return typeof cause.code === 'string' ? cause.code : undefined;
}
