import type { CallContext } from './call.ts';
import { datasetArn, entities, fieldKey, seenItems } from './catalog.ts';
import type { Candidate } from './filter-apply.ts';
import { fits } from './fixtures.ts';
import { scoreHash } from './pseudo-random.ts';
import type { RecommendationCall, Target } from './recommendation-target.ts';

/** A candidate in its place. */
export interface Ranked {
  readonly id: string;
  readonly score?: number;
  readonly promotionName?: string;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** How many items (or actions) are made up for a target whose dataset group has no data. */
const MADE_UP = 100;

/** The recommendations of the script; `undefined` where it has none for such a request. */
export function chosenBy(
  { fixtures, input }: RecommendationCall,
  { arn }: Target,
): readonly Candidate[] | undefined {
  const chosen = fixtures.recommendations.find(
    ({ resource, userId, itemId }) =>
      (resource === undefined || fits(resource, arn)) &&
      (userId === undefined || userId === input.userId) &&
      (itemId === undefined || itemId === input.itemId),
  );
  return chosen?.items.map((id, index) => ({ id, place: index + 1 }));
}

/** The items of the group: those that were put, those that events name, and if there are none made-up ones. */
export function itemCandidates(
  { state, input }: RecommendationCall,
  { groupArn, name }: Target,
): readonly Candidate[] {
  const known = new Map<string, Candidate>();
  for (const id of seenItems(state, groupArn)) known.set(id, { id, properties: {} });
  for (const item of entities(state, datasetArn(groupArn, 'ITEMS'), 'item')) known.set(item.id, item);
  const candidates = known.size > 0 ? [...known.values()] : madeUp(`${name}-item`);
  return candidates.filter(({ id }) => id !== input.itemId);
}

export function actionCandidates({ state }: CallContext, { groupArn, name }: Target): readonly Candidate[] {
  const known = [...entities(state, datasetArn(groupArn, 'ACTIONS'), 'action')];
  return known.length > 0 ? known : madeUp(`${name}-action`);
}

const madeUp = (stem: string): readonly Candidate[] =>
  Array.from({ length: MADE_UP }, (_, index) => ({ id: `${stem}-${index + 1}` }));

const SCORED: ReadonlySet<string> = new Set([
  'USER_PERSONALIZATION',
  'PERSONALIZED_RANKING',
  'PERSONALIZED_ACTIONS',
]);

/**
 * The candidates, best first; what the script chose keeps its order. Scores as AWS's: of items they sum to 1 over all
 * candidates, of actions each is a probability, and recipes without a user have none.
 * @see https://docs.aws.amazon.com/personalize/latest/dg/recommendations.html
 */
export function rank(
  call: RecommendationCall,
  target: Target,
  candidates: readonly Candidate[],
): readonly Ranked[] {
  const { userId, itemId, metadataColumns } = call.input;
  const score = scoreHash(target.arn, userId, itemId);
  const columns = metadataColumns?.ITEMS;
  const weighed = candidates.map((candidate) => ({
    candidate,
    weight: candidate.place === undefined ? score(candidate.id) : 1 / candidate.place,
  }));
  weighed.sort((left, right) => right.weight - left.weight);
  const isProbability = target.recipe.type === 'PERSONALIZED_ACTIONS';
  const sum = isProbability ? 1 : weighed.reduce((total, { weight }) => total + weight, 0);
  return weighed.map(({ candidate, weight }) => ({
    id: candidate.id,
    ...(SCORED.has(target.recipe.type) && { score: weight / sum }),
    ...(columns && { metadata: metadataOf(candidate, columns) }),
  }));
}

function metadataOf({ properties }: Candidate, columns: readonly string[]): Readonly<Record<string, string>> {
  const values = columns.map((column): [string, unknown] => [column, properties?.[fieldKey(column)]]);
  return Object.fromEntries(
    values.flatMap(([column, value]) =>
      value === undefined || value === null ? [] : [[column, String(value)]],
    ),
  );
}
