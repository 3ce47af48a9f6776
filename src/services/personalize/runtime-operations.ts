import { err, ok } from '../../lib/result.ts';
import type { Call, Handler } from './call.ts';
import { promote } from './promotions.ts';
import { actionCandidates, chosenBy, itemCandidates, type Ranked, rank } from './ranking.ts';
import { checkRequest, filterCandidates, targetOf } from './recommendation-target.ts';
import { invalidInput } from './refusals.ts';

/** The operations of personalize-runtime. An answer depends on target, user, item and known data only. */
export const RUNTIME_OPERATIONS: Readonly<Record<string, Handler>> = {
  GetRecommendations(call) {
    const target = targetOf(call, ['USER_PERSONALIZATION', 'RELATED_ITEMS', 'POPULAR_ITEMS']);
    if (!target.ok) return target;
    const size = checkRequest(call, target.value, { usual: 25, most: 500 });
    if (!size.ok) return size;
    const candidates = chosenBy(call, target.value) ?? itemCandidates(call, target.value);
    const filtered = filterCandidates(call, target.value, candidates, call.input);
    if (!filtered.ok) return filtered;
    const ranked = rank(call, target.value, filtered.value);
    const promoted = promote(call, target.value, ranked, size.value);
    return promoted.ok ? answer(call, { itemList: promoted.value.map(itemOf) }) : promoted;
  },

  GetPersonalizedRanking(call) {
    const target = targetOf(call, ['PERSONALIZED_RANKING']);
    if (!target.ok) return target;
    const size = checkRequest(call, target.value, { usual: 500, most: 500 });
    if (!size.ok) return size;
    const ids = call.input.inputList as readonly string[];
    if (ids.length > size.value) return err(invalidInput(`inputList can have at most ${size.value} items.`));
    const known = new Map(itemCandidates(call, target.value).map((item) => [item.id, item]));
    const given = ids.map((id) => known.get(id) ?? { id });
    const filtered = filterCandidates(call, target.value, given, call.input);
    if (!filtered.ok) return filtered;
    return answer(call, { personalizedRanking: rank(call, target.value, filtered.value).map(itemOf) });
  },

  GetActionRecommendations(call) {
    const target = targetOf(call, ['PERSONALIZED_ACTIONS']);
    if (!target.ok) return target;
    const size = checkRequest(call, target.value, { usual: 5, most: 100 });
    if (!size.ok) return size;
    const candidates = chosenBy(call, target.value) ?? actionCandidates(call, target.value);
    const filtered = filterCandidates(call, target.value, candidates, call.input);
    if (!filtered.ok) return filtered;
    const ranked = rank(call, target.value, filtered.value).slice(0, size.value);
    return answer(call, { actionList: ranked.map(({ id, score }) => ({ actionId: id, score })) });
  },
};

const answer = ({ newId }: Call, members: object): ReturnType<Handler> =>
  ok({ ...members, recommendationId: `RID-${newId()}` });

const itemOf = ({ id, score, promotionName, metadata }: Ranked): object => ({
  itemId: id,
  ...(score !== undefined && { score }),
  ...(promotionName !== undefined && { promotionName }),
  ...(metadata !== undefined && { metadata }),
});
