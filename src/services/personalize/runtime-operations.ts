import { err, ok } from '../../lib/result.ts';
import type { CallContext, Handlers, Outcome } from './call.ts';
import type { PersonalizeRuntimeInputs } from './generated/personalize-runtime.ts';
import { promote } from './promotions.ts';
import { actionCandidates, chosenBy, itemCandidates, type Ranked, rank } from './ranking.ts';
import { checkRequest, filterCandidates, targetOf } from './recommendation-target.ts';
import { invalidInput } from './refusals.ts';

/** The operations of personalize-runtime. A response depends on target, user, item and known data only. */
export const RUNTIME_OPERATIONS: Handlers<keyof PersonalizeRuntimeInputs> = {
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
    return promoted.ok ? respond(call, { itemList: promoted.value.map(itemOf) }) : promoted;
  },

  GetPersonalizedRanking(call) {
    const target = targetOf(call, ['PERSONALIZED_RANKING']);
    if (!target.ok) return target;
    const size = checkRequest(call, target.value, { usual: 500, most: 500 });
    if (!size.ok) return size;
    const ids = call.input.inputList;
    if (ids.length > size.value) return err(invalidInput(`inputList can have at most ${size.value} items.`));
    const known = new Map(itemCandidates(call, target.value).map((item) => [item.id, item]));
    const given = ids.map((id) => known.get(id) ?? { id });
    const filtered = filterCandidates(call, target.value, given, call.input);
    if (!filtered.ok) return filtered;
    return respond(call, { personalizedRanking: rank(call, target.value, filtered.value).map(itemOf) });
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
    return respond(call, { actionList: ranked.map(({ id, score }) => ({ actionId: id, score })) });
  },
};

const respond = ({ newId }: CallContext, members: object): Outcome =>
  ok({ ...members, recommendationId: `RID-${newId()}` });

const itemOf = ({ id, score, promotionName, metadata }: Ranked): object => ({
  itemId: id,
  ...(score !== undefined && { score }),
  ...(promotionName !== undefined && { promotionName }),
  ...(metadata !== undefined && { metadata }),
});
