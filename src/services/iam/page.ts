import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import type { Answered, Output } from './call.ts';
import { validationError } from './refusals.ts';

/** AWS's page where `MaxItems` is not given. */
const DEFAULT_ITEMS = 100;

/** The items of one page, with what every list of IAM returns about it. */
export interface Page<Item> {
  readonly items: readonly Item[];
  readonly rest: Output;
}

/** A call of a list. */
export interface PagedCall {
  readonly input: { readonly Marker?: string; readonly MaxItems?: number };
}

/** The page that `MaxItems` and `Marker` ask for. A marker is the place of the next item, not meant to be read. */
export function pageOf<Item>(
  { input: { Marker, MaxItems = DEFAULT_ITEMS } }: PagedCall,
  all: readonly Item[],
  invalidMarker: Result<never, AwsError> = validationError('Invalid Marker.'),
): Result<Page<Item>, AwsError> {
  const start = Marker === undefined ? 0 : placeOf(Marker);
  if (start === undefined) return invalidMarker;
  const end = start + MaxItems;
  const truncated = end < all.length;
  const rest = { IsTruncated: truncated, ...(truncated && { Marker: markerOf(end) }) };
  return ok({ items: all.slice(start, end), rest });
}

/** A page of a list as an output; only what is on the page is made into its view. */
export function paged<Item>(
  call: PagedCall,
  member: string,
  all: readonly Item[],
  view: (item: Item) => unknown,
  invalidMarker?: Result<never, AwsError>,
): Answered {
  const page = pageOf(call, all, invalidMarker);
  return page.ok ? ok({ [member]: page.value.items.map(view), ...page.value.rest }) : page;
}

const MARKER = /^from:(\d{1,9})$/;

const markerOf = (place: number): string => Buffer.from(`from:${place}`).toString('base64');

function placeOf(marker: string): number | undefined {
  const place = MARKER.exec(Buffer.from(marker, 'base64').toString())?.[1];
  return place === undefined ? undefined : Number(place);
}
