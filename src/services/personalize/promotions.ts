import type { AwsError } from '../../lib/errors.ts';
import { ok, type Result } from '../../lib/result.ts';
import { itemCandidates, type Ranked, rank } from './ranking.ts';
import { filterCandidates, type RecommendationCall, type Target } from './recommendation-target.ts';

/** The share of a promotion that gives none; AWS does not document which it takes. */
const USUAL_PERCENT = 100;

/**
 * The first `size` of the ranked items, a share of them replaced by the best of the items that a promotion's filter
 * lets through. Promoted items are spread evenly; if there are too few, the others move up.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/promoting-items.html
 */
export function promote(
  call: RecommendationCall,
  target: Target,
  ranked: readonly Ranked[],
  size: number,
): Result<readonly Ranked[], AwsError> {
  const [promotion] = call.input.promotions ?? [];
  if (promotion === undefined) return ok(ranked.slice(0, size));
  const matching = filterCandidates(call, target, itemCandidates(call, target), promotion);
  if (!matching.ok) return matching;
  const share = Math.floor((size * (promotion.percentPromotedItems ?? USUAL_PERCENT)) / 100);
  const promoted = rank(call, target, matching.value)
    .slice(0, share)
    .map((item) => ({ ...item, ...(promotion.name !== undefined && { promotionName: promotion.name }) }));
  const isPromoted = new Set(promoted.map(({ id }) => id));
  const others = ranked.filter(({ id }) => !isPromoted.has(id)).slice(0, size - promoted.length);
  return ok(interleave(promoted, others));
}

function interleave(promoted: readonly Ranked[], others: readonly Ranked[]): readonly Ranked[] {
  const length = promoted.length + others.length;
  const result: Ranked[] = [];
  for (let taken = 0; result.length < length; ) {
    const due = Math.ceil(((result.length + 1) * promoted.length) / length);
    const next = due > taken ? promoted[taken++] : others[result.length - taken];
    if (next) result.push(next);
  }
  return result;
}
