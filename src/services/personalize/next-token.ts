import { type AwsError, awsError } from '../../lib/errors.ts';
import { err, ok, type Result } from '../../lib/result.ts';

/** Of a List that gives no `maxResults`, and the most that one may give. */
const PAGE_SIZE = 100;

export interface PageRequest {
  readonly size: number;
  /** The position after which the page begins; 0 for the first page. */
  readonly after: number;
}

/**
 * What page of a list a request asks for. A token names the list that it belongs to (operation and filters) and the
 * last position that was seen, so that inserts and deletes between two pages neither repeat nor skip a resource.
 */
export function pageRequest(
  list: string,
  { maxResults, nextToken }: { readonly maxResults?: unknown; readonly nextToken?: unknown },
  usualSize = PAGE_SIZE,
): Result<PageRequest, AwsError> {
  const after = typeof nextToken === 'string' ? positionIn(nextToken, list) : 0;
  if (after === undefined)
    return err(awsError('InvalidNextTokenException', 'The token is not valid for this request.'));
  return ok({ size: typeof maxResults === 'number' ? maxResults : usualSize, after });
}

export const nextToken = (list: string, position: number): string =>
  Buffer.from(JSON.stringify([list, position])).toString('base64url');

function positionIn(token: string, list: string): number | undefined {
  try {
    const [of, position]: unknown[] = JSON.parse(Buffer.from(token, 'base64url').toString());
    return of === list && typeof position === 'number' && Number.isSafeInteger(position)
      ? position
      : undefined;
  } catch {
    return undefined;
  }
}

/** One page of entries that know their position; a token where more follow. */
export function pageOf<T>(
  list: string,
  { size }: PageRequest,
  entries: Iterable<T>,
  positionOf: (entry: T) => number,
): { readonly entries: readonly T[]; readonly nextToken?: string } {
  const page: T[] = [];
  for (const entry of entries) {
    const last = page.at(-1);
    if (last !== undefined && page.length === size)
      return { entries: page, nextToken: nextToken(list, positionOf(last)) };
    page.push(entry);
  }
  return { entries: page };
}
